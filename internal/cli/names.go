package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/lint"
)

// suppressionCheck is the name under which the vet tool reports suppression
// comments that are malformed or of no use.
const suppressionCheck = "suppression"

// everything is the name, in lists of checks, for all of them.
const everything = "all"

// A catalogue knows the checks by name.
type catalogue struct {
	checks []namedCheck
}

type namedCheck struct {
	Name string
	lint.Check
}

func newCatalogue(suite []lint.Check) catalogue {
	var c catalogue
	c.checks = slices.Grow(c.checks, len(suite))
	for _, check := range suite {
		c.checks = append(c.checks, namedCheck{check.New().Name, check})
	}
	return c
}

func (c catalogue) find(name string) *namedCheck {
	i := slices.IndexFunc(c.checks, func(n namedCheck) bool { return n.Name == name })
	if i < 0 {
		return nil
	}
	return &c.checks[i]
}

// names returns all names that lists of checks may contain.
func (c catalogue) names() []string {
	names := []string{everything, suppressionCheck, suppressionCheck + "/unused", suppressionCheck + "/malformed", leakCheck, traceCheck}
	for _, check := range c.checks {
		names = append(names, check.Name)
		for _, cat := range check.Categories {
			names = append(names, check.Name+"/"+cat.Name)
		}
	}
	return names
}

// validate returns an error if name is no check and no check/category.
func (c catalogue) validate(name string) error {
	names := c.names()
	if slices.Contains(names, name) {
		return nil
	}
	if near := nearest(name, names); near != "" {
		return fmt.Errorf("there is no check %q; did you mean %q?", name, near)
	}
	return fmt.Errorf("there is no check %q; heapvet list shows them", name)
}

// defaultOn reports whether a check is shown where nobody says anything about it.
func (c catalogue) defaultOn(name string) bool {
	check := c.find(name)
	return check == nil || check.Stage == lint.On
}

// A selection is what one source, flags or a table of a configuration, says about checks.
type selection struct {
	Enable  []string `toml:"enable"`
	Disable []string `toml:"disable"`
}

// decide reports whether the selection enables or disables the findings of a
// rule; known is false if it says nothing of them. What names the rule more
// exactly wins, and disable wins over enable.
func (s selection) decide(check, rule string) (on, known bool) {
	for _, name := range []string{rule, check, everything} {
		if slices.Contains(s.Disable, name) {
			return false, true
		}
		if slices.Contains(s.Enable, name) {
			return true, true
		}
	}
	return false, false
}

// toolFlags returns the flags that make the vet tool run the checks that are asked
// for by any of the selections, and spare those that the flags of the command
// disable as a whole. What a configuration disables is only hidden afterwards:
// editing it must not make the cache of the go command worthless.
func (c catalogue) toolFlags(flags selection, config ...selection) []string {
	var run, spared []string
	more := false
	for _, check := range c.checks {
		on := check.Stage == lint.On
		switch {
		case flags.hides(check.Name):
			if on {
				spared = append(spared, "-"+check.Name+"=false")
			}
			continue
		case !on:
			asks := func(s selection) bool { return s.asksFor(check.Name) }
			on = asks(flags) || slices.ContainsFunc(config, asks)
			more = more || on
		}
		if on {
			run = append(run, "-"+check.Name)
		}
	}
	if !more {
		return spared
	}
	return run
}

// hides reports whether the selection disables the check with all its categories.
func (s selection) hides(check string) bool {
	on, known := s.decide(check, check)
	return known && !on && !s.asksFor(check)
}

// asksFor reports whether the selection enables the check or a category of it.
func (s selection) asksFor(check string) bool {
	on, _ := s.decide(check, check)
	return on || slices.ContainsFunc(s.Enable, func(name string) bool { return strings.HasPrefix(name, check+"/") })
}

// nearest returns the candidate that is most like name, or "" if none is.
func nearest(name string, candidates []string) string {
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
