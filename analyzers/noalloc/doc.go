// Package noalloc defines a check for functions that promise not to allocate.
//
// # Analyzer noalloc
//
// noalloc: check functions that promise not to allocate
//
// A function that runs a million times a second was made free of allocations once,
// with care and benchmarks. A later change three calls away, or the next release of
// Go, takes that away again and nobody notices. This check makes it a contract. A
// comment before the function says that it must not allocate:
//
//	//heapvet:noalloc
//	func (c *counter) add(name string) { … }
//
// Then the machine code of the function is read, and of all that it calls, in other
// packages, too: a call of one of the runtime's allocators is reported with the chain
// of calls that leads there (allocates), and so is a call of which nothing can be known,
// of a function value or an interface method (unresolved). What cannot be verified, such
// as a generic function without an instance, is reported, never passed over.
//
//	// WRONG
//	type counter struct {
//		last string
//		key  [32]byte
//		size int
//	}
//
//	//heapvet:noalloc
//	func (c *counter) add(key []byte) {
//		c.last = normalized(key)
//	}
//
//	func normalized(key []byte) string {
//		return string(bytes.ToLower(key))
//	}
//
//	// RIGHT
//	//heapvet:noalloc
//	func (c *counter) addCopy(key []byte) {
//		c.size = copy(c.key[:], bytes.TrimSpace(key))
//	}
//
// The comment may also stand before a method of an interface, or before the interface for all
// of its methods: then all types of the package, and of packages that import it, keep the promise
// with the methods that implement it, and calls by way of the interface are trusted. And
// it may stand before a function type: then all functions that become values of the type
// keep the promise.
//
//	// WRONG
//	type sink interface {
//		//heapvet:noalloc
//		put(n int)
//	}
//
//	type list struct{ values []any }
//
//	func (l *list) put(n int) { l.values[0] = n }
//
//	// RIGHT
//	type numbers struct{ values []int }
//
//	func (l *numbers) put(n int) { l.values[0] = n }
//
// What happens only if something went wrong is exempt: statements that panic, end the
// program or return an error made there, blocks that end so, and blocks that run only if an error is
// not nil. So is what sync.Once runs. The word strict behind the directive takes that exemption away:
//
//	//heapvet:noalloc strict
//
// An allocation that is known and wanted, such as that of a cache that fills once, is
// assumed away, with a reason, on its line, the line before, or before a function:
//
//	//heapvet:assume-noalloc the table has its final size after start-up
//
// heapvet list -assumptions lists these. An assumption without a reason is none.
//
// A function that a marked function is given and calls is answered for by
// whoever passes it: a function literal or a declared function that is named as an
// argument is looked into like any other call. Of the standard library, a table says
// which functions allocate.
//
// The comments of gcassert mean here what they were meant to, on a line or before a
// function: gcassert:noescape, that nothing there escapes (escape), and
// gcassert:inline, that the calls there, or all calls of the function, are inlined
// (not-inlined).
//
// Not reported: functions without a mark; allocations in functions written in
// assembly or in C; what the runtime keeps for itself, such as the larger stack of a
// goroutine.
//
// A function that breaks its promise on purpose says why:
//
//	//nolint:noalloc // the first call fills the table
package noalloc
