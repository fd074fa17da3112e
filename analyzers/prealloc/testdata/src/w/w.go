// Package w has loops and calls that are one call of a better function.
package w

import (
	"errors"
	"log"
	"maps"
	"slices"
	"strings"
)

type point struct{ x, y int }

type list []string

type Kind int

const (
	KindA Kind = iota
	KindB
)

// Loops that are slices.Concat.

func Spread(in [][]string) []string {
	var out []string // want `out grows by append of all the slices in in, .* slices.Concat\(in...\) makes it in one step`
	for _, s := range in {
		out = append(out, s...)
	}
	return out
}

func Nested(in [][]point) (out []point) { // want `slices.Concat\(in...\)`
	for _, points := range in {
		for _, p := range points {
			out = append(out, p)
		}
	}
	return out
}

func Part(in [][]string) []string {
	var out []string // want `slices.Concat\(in\[1:\]...\)`
	for _, s := range in[1:] {
		out = append(out, s...)
	}
	slices.Sort(out)
	return out
}

// No fix: it would lose the comment.
func Commented(in [][]string) []string {
	var out []string // want `slices.Concat`
	for _, s := range in {
		// one after the other
		out = append(out, s...)
	}
	return out
}

// Silent: they are not.

func Empty(in [][]string) []string {
	out := []string{} // never nil
	for _, s := range in {
		out = append(out, s...)
	}
	return out
}

func Changed(in [][]string) (out []string) {
	for _, list := range in {
		for _, s := range list {
			out = append(out, s+"!")
		}
	}
	return out
}

func Some(in [][]string) (out []string) {
	for _, list := range in {
		for _, s := range list {
			if s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

func Fields(in []struct{ tags []string }) (out []string) {
	for _, v := range in {
		out = append(out, v.tags...)
	}
	return out
}

func OtherType(in []list) (out []string) {
	for _, s := range in {
		out = append(out, s...)
	}
	return out
}

func OfMap(in map[string][]string) (out []string) {
	for _, s := range in {
		out = append(out, s...)
	}
	return out
}

func Slices(in [][]string) (out [][]string) { // want `out grows by append to len\(in\)`
	for _, s := range in {
		out = append(out, s)
	}
	return out
}

func Onto(out []string, in [][]string) []string {
	for _, s := range in {
		out = append(out, s...)
	}
	return out
}

func More(in [][]string) (out []string) {
	for _, s := range in {
		out = append(out, s...)
	}
	out = append(out, "end")
	return out
}

// Silent: printing them costs more, and for one of them none of the others is needed.
func Told(users map[string]int) error {
	if len(users) > 1 {
		log.Printf("which of them: %q", slices.Collect(maps.Keys(users)))
	}
	return nil
}

func Anybody(users map[string]int) int { return slices.Collect(maps.Values(users))[0] }

// Silent: what a list of errors says.
func Said(errs []error) string {
	var lines []string
	for _, err := range errs {
		lines = append(lines, err.Error())
	}
	return strings.Join(lines, "; ")
}

func Errors(in [][]error) error {
	var errs []error
	for _, e := range in {
		errs = append(errs, e...)
	}
	return errors.Join(errs...)
}

func Variadic(in ...[]string) (out []string) {
	for _, s := range in {
		out = append(out, s...)
	}
	return out
}

// Collections whose size is known.

func Keys(m map[string]int) []string {
	return slices.Collect(maps.Keys(m)) // want `slices.Collect does not know that there are len\(m\) elements`
}

func Values(m map[string]*point) []*point {
	out := slices.Collect(maps.Values(m)) // want `len\(m\)`
	slices.SortFunc(out, func(a, b *point) int { return a.x - b.x })
	return out
}

func Generic[K comparable, V any](m map[K]V) []K {
	return slices.Collect(maps.Keys(m)) // want `len\(m\)`
}

// No fix: the type has no simple name.
func Unnamed(m map[struct{ a, b int }]int) []struct{ a, b int } {
	return slices.Collect(maps.Keys(m)) // want `len\(m\)`
}

// Silent: few, or of unknown number, or not evaluated twice.

func Enum(m map[Kind]int) []Kind {
	return slices.Collect(maps.Keys(m))
}

func Loaded(load func() map[string]int) []string {
	return slices.Collect(maps.Keys(load()))
}

func Room(m map[string]int) []string {
	return slices.AppendSeq(make([]string, 0, len(m)), maps.Keys(m))
}

func Seq(in []string) []string {
	return slices.Collect(slices.Values(in))
}

func Sorted(m map[string]int) []string {
	return slices.Sorted(maps.Keys(m))
}

var table = map[string]int{"a": 1}

var names = slices.Collect(maps.Keys(table))
