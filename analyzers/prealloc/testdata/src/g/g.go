// Package g has nested loops, loops over functions, and generic functions.
package g

import (
	"iter"
	"maps"
	"slices"
	"strconv"
)

type point struct{ x, y int }

type row struct {
	name string
	tags []string
}

// Nested loops that add the same number each time.

func Grid(w, h int) (out []point) { // want `out grows by append to h\*w elements of 16 bytes, .* reserve max\(0, h\)\*max\(0, w\) before the loop`
	for y := range h {
		for x := range w {
			out = append(out, point{x, y})
		}
	}
	return out
}

func Product(a, b []string) []string {
	out := []string{} // want `reserve len\(a\)\*len\(b\) before`
	for _, x := range a {
		for _, y := range b {
			out = append(out, x+y)
		}
	}
	return out
}

func Board() (out []point) { // want `out grows by append to 64 elements of 16 bytes, and is copied about 6 times`
	for x := 0; x < 8; x++ {
		for y := 0; y < 8; y++ {
			out = append(out, point{x, y})
		}
	}
	return out
}

func Mixed(a, b []string) (out []string) { // want `reserve len\(a\)\*\(len\(b\)\+1\) before`
	for _, x := range a {
		out = append(out, x)
		for _, y := range b {
			out = append(out, x+y)
		}
	}
	return out
}

func Cube(a, b, c []string) (out []string) { // want `reserve len\(a\)\*len\(b\)\*len\(c\) before`
	for _, x := range a {
		for _, y := range b {
			for _, z := range c {
				out = append(out, x+y+z)
			}
		}
	}
	return out
}

func Fixed(in []row) (out []string) { // want `reserve len\(in\)\*10 before`
	for _, r := range in {
		for i := range 10 {
			out = append(out, r.name+strconv.Itoa(i))
		}
	}
	return out
}

// Silent: not the same number each time.

func Triangle(n int) (out []point) {
	for y := range n {
		for x := range y {
			out = append(out, point{x, y})
		}
	}
	return out
}

func Tags(in []row) (out []string) {
	for _, r := range in {
		for _, t := range r.tags {
			out = append(out, t+"!")
		}
	}
	return out
}

func Pairs(in []row) (out []string) {
	for i := range in {
		for j := i + 1; j < len(in); j++ {
			out = append(out, in[i].name+in[j].name)
		}
	}
	return out
}

func Some(a, b []string) (out []string) {
	for _, x := range a {
		if x == "" {
			continue
		}
		for _, y := range b {
			out = append(out, x+y)
		}
	}
	return out
}

func SomeInside(a, b []string) (out []string) {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				continue
			}
			out = append(out, x+y)
		}
	}
	return out
}

func Stops(a, b []string) (out []string) {
outer:
	for _, x := range a {
		for _, y := range b {
			if x == y {
				continue outer
			}
			out = append(out, x+y)
		}
	}
	return out
}

func Shrinks(a, b []string) (out []string) {
	for _, x := range a {
		for _, y := range b {
			out = append(out, x+y)
		}
		b = b[1:]
	}
	return out
}

// Loops over functions that are known to walk over all of something.

func Keys(m map[string]int) []string {
	var out []string // want `reserve len\(m\) before`
	for k := range maps.Keys(m) {
		out = append(out, k)
	}
	return out
}

func Values(m map[string]row) (out []string) { // want `reserve len\(m\) before`
	for r := range maps.Values(m) {
		out = append(out, r.name)
	}
	return out
}

func All(m map[string]row) []string {
	out := make([]string, 0) // want `reserve len\(m\) before`
	for k, r := range maps.All(m) {
		out = append(out, k+r.name)
	}
	return out
}

func Backward(in []row) (out []string) { // want `reserve len\(in\) before`
	for _, r := range slices.Backward(in) {
		out = append(out, r.name)
	}
	return out
}

func Elements(in []row) (names []string, lens []int) { // want `names grows by append to len\(in\)` `lens grows by append to len\(in\)`
	for r := range slices.Values(in) {
		names = append(names, r.name)
		lens = append(lens, len(r.name))
	}
	return names, lens
}

// Silent: nobody knows how many there are.

func Seq(seq iter.Seq[string]) (out []string) {
	for s := range seq {
		out = append(out, s)
	}
	return out
}

func Filtered(m map[string]int) (out []string) {
	for k := range maps.Keys(m) {
		if k != "" {
			out = append(out, k)
		}
	}
	return out
}

func Fetched(load func() map[string]int) (out []string) {
	for k := range maps.Keys(load()) {
		out = append(out, k)
	}
	return out
}

// Silent: it stays on the stack.
func Small(m map[string]int) int {
	var out []int
	for _, v := range maps.All(m) {
		out = append(out, v)
	}
	n := 0
	for i := range out {
		n += out[i]
	}
	return n
}

// Generic functions, if they are used in the package.

func Map[T, U any](in []T, f func(T) U) []U {
	var out []U // want `out grows by append to len\(in\) elements, and is copied`
	for _, v := range in {
		out = append(out, f(v))
	}
	return out
}

func Names[S ~[]row](in S) []string {
	var out []string // want `out grows by append to len\(in\) elements of 16 bytes`
	for _, r := range in {
		out = append(out, r.name)
	}
	return out
}

type set[T comparable] map[T]struct{}

func (s set[T]) List() []T {
	var out []T // want `out grows by append to len\(s\) elements`
	for v := range s {
		out = append(out, v)
	}
	return out
}

func use() ([]string, []int, []string) {
	s := set[string]{}
	return Map([]int{1}, strconv.Itoa), Map(s.List(), func(s string) int { return len(s) }), Names([]row{})
}

// No instance of it in the package, so that the compiler says nothing: what is
// returned is on the heap.
func Unused[T any](in []T) []T {
	var out []T // want `out grows by append to len\(in\) elements,`
	for _, v := range in {
		out = append(out, v)
	}
	return out
}
