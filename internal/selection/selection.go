// Package selection decides which checks a user wants, from lists of names, in the same
// way for flags, configuration files and the settings of other programs.
package selection

import (
	"fmt"
	"slices"
	"strings"
)

// All is the name, in lists of checks, for all of them.
const All = "all"

// A Selection is what one source, flags or a table of a configuration, says about checks:
// names of checks, of check/category, and All.
type Selection struct {
	Enable  []string `toml:"enable" json:"enable"`
	Disable []string `toml:"disable" json:"disable"`
}

// Decide reports whether the selection enables or disables the findings of a
// rule; known is false if it says nothing of them. What names the rule more
// exactly wins, and disable wins over enable.
func (s Selection) Decide(check, rule string) (on, known bool) {
	for _, name := range []string{rule, check, All} {
		if slices.Contains(s.Disable, name) {
			return false, true
		}
		if slices.Contains(s.Enable, name) {
			return true, true
		}
	}
	return false, false
}

// Hides reports whether the selection disables the check with all its categories.
func (s Selection) Hides(check string) bool {
	on, known := s.Decide(check, check)
	return known && !on && !s.AsksFor(check)
}

// AsksFor reports whether the selection enables the check or a category of it.
func (s Selection) AsksFor(check string) bool {
	on, _ := s.Decide(check, check)
	return on || slices.ContainsFunc(s.Enable, func(name string) bool { return strings.HasPrefix(name, check+"/") })
}

// Validate returns an error, with the name that was perhaps meant, unless name is one of names.
func Validate(name string, names []string) error {
	if slices.Contains(names, name) {
		return nil
	}
	if near := Nearest(name, names); near != "" {
		return fmt.Errorf("there is no check %q; did you mean %q?", name, near)
	}
	return fmt.Errorf("there is no check %q; heapvet list shows them", name)
}

// Nearest returns the candidate that is most like name, or "" if none is.
func Nearest(name string, candidates []string) string {
	name = strings.ToLower(name)
	best, limit := "", max(2, len(name)/3)+1
	for _, c := range candidates {
		if d := distance(name, strings.ToLower(c)); d < limit {
			best, limit = c, d
		}
		if _, cat, ok := strings.Cut(c, "/"); ok && cat == name {
			return c
		}
	}
	return best
}

// distance is the number of edits between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diag := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diag, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diag+cost)
		}
	}
	return row[len(b)]
}
