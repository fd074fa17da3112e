package cli

import (
	"slices"

	"github.com/heapvet/heapvet/internal/selection"
	"github.com/heapvet/heapvet/lint"
)

// suppressionCheck is the name under which the vet tool reports suppression
// comments that are malformed or of no use.
const suppressionCheck = "suppression"

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
	names := []string{selection.All, suppressionCheck, suppressionCheck + "/unused", suppressionCheck + "/malformed", leakCheck, traceCheck}
	for _, check := range c.checks {
		names = append(names, check.Name)
		for _, cat := range check.Categories {
			names = append(names, check.Name+"/"+cat.Name)
		}
	}
	return names
}

// validate returns an error if name is no check and no check/category.
func (c catalogue) validate(name string) error { return selection.Validate(name, c.names()) }

// defaultOn reports whether a check is shown where nobody says anything about it.
func (c catalogue) defaultOn(name string) bool {
	check := c.find(name)
	return check == nil || check.Stage == lint.On
}

// toolFlags returns the flags that make the vet tool run the checks that are asked
// for by any of the selections, and spare those that the flags of the command
// disable as a whole. What a configuration disables is only hidden afterwards:
// editing it must not make the cache of the go command worthless.
func (c catalogue) toolFlags(flags selection.Selection, config ...selection.Selection) []string {
	var run, spared []string
	more := false
	for _, check := range c.checks {
		on := check.Stage == lint.On
		switch {
		case flags.Hides(check.Name):
			if on {
				spared = append(spared, "-"+check.Name+"=false")
			}
			continue
		case !on:
			asks := func(s selection.Selection) bool { return s.AsksFor(check.Name) }
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
