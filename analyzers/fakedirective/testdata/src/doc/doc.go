package doc

//go:inline // want `//go:inline is ignored: no tool of Go knows a directive of this name; the compiler inlines what is small enough, as -gcflags=-m shows, and nothing forces it to`
func sum(values []int) (n int) { // still called: it is too large
	for _, v := range values {
		n += v
	}
	return n
}

//go:noinlne // want `//go:noinlne is ignored: no tool of Go knows a directive of this name; did you mean //go:noinline\?`
func add(a, b int) int { return a + b } // inlined, although noinline was meant

// want +2 `// go:noescape is an ordinary comment because of its space: what checksum is given escapes to the heap; write //go:noescape`
//
// go:noescape
func checksum(p *byte, n int) uint32 // what p points to escapes to the heap

// want +1 `a directive is read from a // comment only: mul may be inlined; write //go:noinline`
/*go:noinline*/
func mul(a, b int) int { return a * b } // inlined

//go:noinline
func div(a, b int) int { return a / b }

var _ = []any{sum, add, checksum, mul, div}
