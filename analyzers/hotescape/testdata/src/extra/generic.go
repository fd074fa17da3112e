package extra

// The size of a type that is declared in a generic function may depend on its parameters.
func pairs[T any](in []T, f func(T) bool) (n int) {
	type answer struct {
		value T
		ok    bool
	}
	for _, v := range in {
		a := answer{v, f(v)}
		if a.ok {
			n++
		}
	}
	return n
}
