// Package plugin offers the suite to golangci-lint as a module plugin. Import it
// for its side effect in a custom golangci-lint; see
// https://golangci-lint.run/plugins/module-plugins/.
//
// The adopted staticcheck checks are left out: golangci-lint has them itself.
package plugin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet"
	"github.com/heapvet/heapvet/lint"
)

func init() { register.Plugin("heapvet", New) }

// Settings are what linters.settings.custom.heapvet.settings may hold in
// .golangci.yml. A key that is not here is an error.
type Settings struct {
	Enable  []string `json:"enable"`  // checks that are off by default
	Disable []string `json:"disable"` // checks to leave out
	All     bool     `json:"all"`     // findings of medium confidence too
}

// New returns the plugin for the settings that golangci-lint decoded from its
// configuration. It fails on unknown keys and on names that are no checks.
func New(conf any) (register.LinterPlugin, error) {
	settings, err := register.DecodeSettings[Settings](conf)
	if err != nil {
		return nil, fmt.Errorf("heapvet settings: %w", err)
	}
	return &plugin{settings}, nil
}

type plugin struct{ settings Settings }

// GetLoadMode asks golangci-lint for types.
func (*plugin) GetLoadMode() string { return register.LoadModeTypesInfo }

// BuildAnalyzers returns fresh instances of the selected checks.
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	var names []string
	var analyzers []*analysis.Analyzer
	for _, c := range heapvet.Suite {
		if c.Origin != "" {
			continue
		}
		a := c.New()
		names = append(names, a.Name)
		if slices.Contains(p.settings.Disable, a.Name) || c.Stage != lint.On && !slices.Contains(p.settings.Enable, a.Name) {
			continue
		}
		if p.settings.All && a.Flags.Lookup(lint.FlagAll) != nil {
			if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
				return nil, err
			}
		}
		analyzers = append(analyzers, a)
	}
	for _, name := range slices.Concat(p.settings.Enable, p.settings.Disable) {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("heapvet settings: %q is no check; there are %s", name, strings.Join(names, ", "))
		}
	}
	return analyzers, nil
}
