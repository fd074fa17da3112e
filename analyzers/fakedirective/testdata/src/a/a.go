package a

import _ "unsafe"

// Known ones.
//
//go:noinline
func a1() {}

//go:nosplit
//go:norace
func a2() {}

//go:uintptrescapes
func a3(uintptr) {}

//go:nocheckptr
func a4() {}

//go:fix inline
func a5() { a4() }

//go:linkname a6 example.com/m.a6
func a6() {}

// Unknown ones.
//
//go:forceinline // want `go:forceinline is ignored: .* nothing forces it to`
func u1() {}

//go:pure // want `//go:pure is ignored: no tool of Go knows a directive of this name; delete it`
func u2() {}

// want +1 `//go:noline is ignored: .* did you mean //go:noinline\?`
//go:noline

func u3() {}

//go:nosplitt // want `did you mean //go:nosplit\?`
func u4() {}

//go:NoInline // want `did you mean //go:noinline\?`
func u5() {}

//go:no_escape // want `did you mean //go:noescape\?`
func u6() {}

//go:align8 // want `//go:align8 is ignored`
type u7 struct {
	//go:volatile_ // want `//go:volatile_ is ignored`
	x int
}

//go:readonly // want `//go:readonly is ignored`
var u8 = 1

const (
	//go:hidden // want `//go:hidden is ignored`
	u9 = 1
)

//go:genrate stringer -type=T // want `did you mean //go:generate\?`

//heapvet:hto // want `//heapvet:hto is ignored: heapvet does not know a directive of this name; did you mean //heapvet:hot\?`
func u10() {}

//heapvet:fast // want `//heapvet:fast is ignored: heapvet does not know a directive of this name; delete it`
func u11() {}

// The names of others.

//go:section .text.isr
func o1() {}

//go:export handler
func o2() {}

//nolint:unused
func o3() {}

//export o4
func o4() {}

//tool:inline
func o5() {}

/*
A list of wishes:

//go:pure
*/
func o6() {}

// In prose, such as
//go:something
// nobody means it.

// Spaced ones.

// want +2 `// go:noinline is an ordinary comment because of its space: s1 may be inlined; write //go:noinline`
//
// go:noinline
func s1() {}

// want +1 `//  go:nosplit is an ordinary comment`
//  go:nosplit

func s2() {}

// want +1 `// go: norace is an ordinary comment because of its space: the race detector watches s3; write //go:norace`
// go: norace
func s3() {}

// want +2 `// go:linkname s4 example.com/m.s4 is an ordinary comment because of its space: the names are not linked`
//
// go:linkname s4 example.com/m.s4
func s4() {}

// want +2 `// go:fix inline is an ordinary comment because of its space: calls of s5 are not brought up to date`
//
// go:fix inline
func s5() { a4() }

// want +2 `// heapvet:hot is an ordinary comment because of its space: s6 does not count as hot; write //heapvet:hot`
//
// heapvet:hot
func s6() {}

// want +2 `// heapvet:noalloc strict is an ordinary comment because of its space: s8 may allocate; write //heapvet:noalloc`
//
// heapvet:noalloc strict
func s8() {}

//heapvet:noalloc strict
func s9() {
	//heapvet:assume-noalloc in cold code
	_ = 1
}

// want +1 `//go:noinline ends at a space, not at a tab: s7 may be inlined`
//go:noinline	because of the stack
func s7() {}

// Spaced, and nothing is lost.

// go:noinline would be wrong here.
func p1() {}

// p2 must not grow the stack; it is
// go:nosplit, which implies go:nocheckptr.
func p2() {}

// go:noinline
type p3 struct{}

// go:noinline
//
//go:noinline
func p4() {}

func p5() {
	// go:noinline
	_ = 1
}

// go:linkname is used by p6.
func p6() {}

// go:inline
func p7() {}

// go:plugin type=plugin version=1
type p8 interface{}

// go:debug madvdontneed=1 is what the runtime needs.
func p9() {}

// Blocks.

// want +1 `a directive is read from a // comment only: b1 may grow the stack; write //go:nosplit`
/* go:nosplit */
func b1() {}

/*go:noinline or not*/
func b2() {}

/*go:pure*/
func b3() {}

// go:noescape
func noPointers(n int) (a, b bool)

// go:noescape
func withBody(p *byte) byte { return *p }
