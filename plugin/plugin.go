// Package plugin offers the suite to golangci-lint as a module plugin. Import it
// for its side effect in a custom golangci-lint, as plugin/golangci does; docs/hosts.md
// has the settings.
package plugin

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet"
	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/internal/selection"
	"github.com/heapvet/heapvet/lint"
	"github.com/heapvet/heapvet/plugin/host"
)

// name is what golangci-lint calls the linter.
const name = "heapvet"

func init() { register.Plugin(name, New) }

// Settings are what linters.settings.custom.heapvet.settings may hold in
// .golangci.yml. A key that is not here is an error, and so is a name that is no check's.
type Settings struct {
	selection.Selection // checks, and check/category

	All         bool     `json:"all"`         // findings of medium confidence, too
	Staticcheck bool     `json:"staticcheck"` // the checks adopted from staticcheck, which golangci-lint has itself
	Hot         []string `json:"hot"`         // functions that a profile found hot, by the names it has for them

	// Flags are the flags of checks: by name of the check, which matters in no case, and of the flag.
	Flags map[string]map[string]any `json:"flags"`
}

// New returns the plugin for the settings that golangci-lint decoded from its
// configuration. It fails on unknown keys.
func New(conf any) (register.LinterPlugin, error) {
	settings, err := register.DecodeSettings[Settings](conf)
	if err != nil {
		return nil, fmt.Errorf("heapvet settings: %s", strings.TrimPrefix(err.Error(), "decoding settings: json: "))
	}
	return &plugin{settings}, nil
}

type plugin struct{ Settings }

// GetLoadMode asks golangci-lint for types.
func (*plugin) GetLoadMode() string { return register.LoadModeTypesInfo }

// BuildAnalyzers returns fresh instances of the selected checks. It fails on names that are
// no check's.
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	analyzers, err := p.build()
	if err != nil {
		return nil, fmt.Errorf("heapvet settings: %w", err)
	}
	return analyzers, nil
}

func (p *plugin) build() ([]*analysis.Analyzer, error) {
	names := []string{selection.All}
	known := make(map[string]*analysis.Analyzer) // by name in lower case
	var run []*analysis.Analyzer
	for _, c := range heapvet.Suite {
		a := c.New()
		names = append(names, a.Name)
		for _, category := range c.Categories {
			names = append(names, a.Name+"/"+category.Name)
		}
		known[strings.ToLower(a.Name)] = a
		if p.wants(c, a.Name) {
			run = append(run, a)
		}
		p.adapt(&c, a)
	}
	for _, name := range slices.Concat(p.Enable, p.Disable) {
		if err := selection.Validate(name, names); err != nil {
			return nil, err
		}
	}
	if p.All {
		for _, a := range known {
			if f := a.Flags.Lookup(lint.FlagAll); f != nil {
				f.Value.Set("true")
			}
		}
	}
	if err := p.setFlags(known); err != nil {
		return nil, err
	}
	if len(p.Hot) > 0 {
		profile := make(hot.Profile)
		for _, name := range p.Hot {
			profile.Set(name)
		}
		run = lint.Replace(map[*analysis.Analyzer]*analysis.Analyzer{hot.Analyzer: hot.New(profile)}, run...)
	}
	return host.Prepare(escape.GoList{}, run...), nil
}

// wants reports whether the settings ask for the check or for one of its categories.
func (p *plugin) wants(c lint.Check, name string) bool {
	if p.Hides(name) {
		return false
	}
	if c.Origin != "" {
		return p.Staticcheck || slices.ContainsFunc(p.Enable, func(n string) bool { return n == name })
	}
	return c.Stage == lint.On || p.AsksFor(name)
}

// setFlags sets the flags of checks.
func (p *plugin) setFlags(known map[string]*analysis.Analyzer) error {
	for _, check := range slices.Sorted(maps.Keys(p.Flags)) {
		a := known[strings.ToLower(check)]
		if a == nil {
			return fmt.Errorf("flags of %q, which is no check; heapvet list shows them", check)
		}
		for _, name := range slices.Sorted(maps.Keys(p.Flags[check])) {
			f := a.Flags.Lookup(name)
			if f == nil || name == lint.FlagSuppressed {
				return fmt.Errorf("%s has no flag %q; it has %s", a.Name, name, flagNames(&a.Flags))
			}
			if err := setFlag(f, p.Flags[check][name]); err != nil {
				return fmt.Errorf("flag %s of %s: %w", name, a.Name, err)
			}
		}
	}
	return nil
}

func setFlag(f *flag.Flag, value any) error {
	switch value.(type) {
	case bool, float64, string:
		return f.Value.Set(fmt.Sprint(value))
	}
	return errors.New("want one value")
}

func flagNames(flags *flag.FlagSet) string {
	var names []string
	flags.VisitAll(func(f *flag.Flag) {
		if f.Name != lint.FlagSuppressed {
			names = append(names, f.Name)
		}
	})
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
