// Package stack has slices whose elements the compiler may keep on the stack.
package stack

type pair struct{ a, b string }

type large struct{ a, b, c string }

// Any element is too large for the buffer on the stack.
func Large(in []string) int {
	var out []large // want `out grows by append to len\(in\) elements of 48 bytes`
	for _, s := range in {
		out = append(out, large{a: s})
	}
	n := 0
	for i := range out {
		n += len(out[i].a)
	}
	return n
}

// A make has a buffer on the stack as well, so nothing is lost.
func Make(in []string) int {
	out := make([]pair, 0) // want `out grows by append to len\(in\) elements of 32 bytes`
	for _, s := range in {
		out = append(out, pair{a: s})
	}
	n := 0
	for i := range out {
		n += len(out[i].a)
	}
	return n
}

// No fix: slices.Grow would take the buffer on the stack away.
func Grow(in []string) int {
	var out []pair // want `out grows by append to len\(in\) elements of 32 bytes`
	for _, s := range in {
		out = append(out, pair{a: s})
	}
	n := 0
	for i := range out {
		n += len(out[i].a)
	}
	return n
}

// No fix: the bound is not known where the slice is made.
func MakeAfterwards(load func() []string) int {
	out := make([]pair, 0) // want `out grows by append to len\(in\) elements of 32 bytes`
	in := load()
	for _, s := range in {
		out = append(out, pair{a: s})
	}
	n := 0
	for i := range out {
		n += len(out[i].a)
	}
	return n
}

// Known to outgrow it.
func Constant() int {
	var out []int // want `out grows by append to 20 elements of 8 bytes, and is copied about 5 times`
	for i := range 20 {
		out = append(out, i)
	}
	n := 0
	for i := range out {
		n += out[i]
	}
	return n
}

// Silent: several elements fit into the buffer.
func Small(in []string) int {
	var out []int
	for i := range in {
		out = append(out, i)
	}
	n := 0
	for i := range out {
		n += out[i]
	}
	return n
}
