// Package fakedirective defines a check for directives that nothing reads.
//
// # Analyzer fakedirective
//
// fakedirective: directive that the Go toolchain ignores
//
// The compiler ignores a directive of a name that it does not know, without a word
// (unknown). There is none that makes it inline a function, for example: it inlines
// what is small enough.
//
//	//go:inline
//	func sum(values []int) (n int) { // still called: it is too large
//		for _, v := range values {
//			n += v
//		}
//		return n
//	}
//
//	//go:noinlne
//	func add(a, b int) int { return a + b } // inlined, although noinline was meant
//
// A space behind the slashes makes an ordinary comment of a directive (spaced):
//
//	// go:noescape
//	func checksum(p *byte, n int) uint32 // what p points to escapes to the heap
//
// And a directive in /* */ is not read, nor is a go:generate line that is indented
// (misplaced).
//
//	/*go:noinline*/
//	func mul(a, b int) int { return a * b } // inlined
//
// Right is
//
//	//go:noinline
//	func div(a, b int) int { return a / b }
//
// Not reported: directives of other tools, such as //nolint or //export, and those of
// TinyGo; names in prose; a spaced directive that would have no effect where it
// stands, or stands beside the same one in its right form. The compiler itself
// refuses directives that stand above the wrong thing, and vet those of build
// constraints and debug settings.
//
// # Fixes
//
// A directive without a similar name is deleted, which changes nothing. There is no fix
// for the others: read at last, they change what the compiler does.
//
// # To silence it
//
// Put a comment above the declaration: //nolint:fakedirective // reason.
package fakedirective
