package cli

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/internal/heat"
)

// minShare is the share from which a function of a profile counts as hot.
const minShare = 0.005

// readProfile reads the file that -profile names: FILE, or KIND=FILE to choose among
// what the profile counts.
func readProfile(arg string) (*heat.Map, error) {
	if arg == "" {
		return nil, nil
	}
	kind, file, found := strings.Cut(arg, "=")
	if !found || strings.ContainsAny(kind, `./\`) {
		kind, file = "", arg
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("-profile: %w", err)
	}
	m, err := heat.Parse(data, kind)
	if err != nil {
		return nil, fmt.Errorf("-profile: %s: %w", file, err)
	}
	return m, nil
}

// rank gives the findings their shares of the profile, tells them in their messages, and
// puts those of the largest share first.
func rank(m *heat.Map, findings []*finding) {
	for _, f := range findings {
		f.Share = m.Share(f.Pos.File, f.Pos.Line, f.EndPos.Line)
		if f.Share >= 0.0005 {
			f.Message += fmt.Sprintf(" (%.1f %% of %s)", 100*f.Share, m.Kind)
		}
	}
	slices.SortStableFunc(findings, func(a, b *finding) int { return cmp.Compare(b.Share, a.Share) })
}
