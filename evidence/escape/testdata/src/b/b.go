// Package b is inlined and instantiated elsewhere.
package b

type T struct{ n int }

func Make(n int) *T { return &T{n} } //@ expr &T{n}: heap

func Shape[E any](e E) *E {
	x := e //@ var x: unknown; compiled x: no
	return &x
}
