// Package stackslice finds correct code that some releases of Go compile wrongly.
//
// # Analyzer stackslice
//
// stackslice: find slices that some releases of Go corrupt
//
// Since Go 1.26, a slice that grows by append begins in an array of 32 bytes on the
// stack, even if it is returned in the end: it is moved to the heap just before. Some
// releases do so in two places where the code can tell. The code is right; the compiler
// is wrong. This check asks which compiler is in use, and reports what that one breaks.
//
// The address of a part of an element, where the slice has few elements (dangling,
// Go 1.26.0 to 1.26.8, 1.27.0 and 1.27.1, golang/go#81612). After the slice has moved, the
// pointer still points to the stack, to what other functions will have put there.
//
//	// WRONG
//	func parse(fields []string) (*int32, []item) {
//		var items []item
//		for _, f := range fields {
//			items = append(items, item{size: int32(len(f))})
//		}
//		first := &items[0].size // &items[0].size dangles …
//		return first, items
//	}
//
//	// RIGHT
//	func parseRight(fields []string) (*int32, []item) {
//		var items []item
//		for _, f := range fields {
//			items = append(items, item{size: int32(len(f))})
//		}
//		first := &items[0]
//		return &first.size, items
//	}
//
// A loop over a slice that begins anew and grows in it (overwritten, Go 1.26.0 to
// 1.26.8, golang/go#79909). The new elements take the place of those that the loop has
// yet to visit.
//
//	// WRONG
//	func next(digits []byte) []byte {
//		queue := []byte{}
//		for _, d := range digits {
//			queue = append(queue, d)
//		}
//		for _, d := range queue { // the elements of queue that this loop has yet to visit are overwritten …
//			if d == 0 {
//				queue = queue[:0:0]
//			}
//			queue = append(queue, d+1)
//		}
//		return queue
//	}
//
//	// RIGHT
//	func nextRight(digits []byte) []byte {
//		queue := []byte{}
//		for _, d := range digits {
//			queue = append(queue, d)
//		}
//		var more []byte
//		for _, d := range queue {
//			if d == 0 {
//				more = more[:0:0]
//			}
//			more = append(more, d+1)
//		}
//		return more
//	}
//
// The fix of the first takes the address of the element before that of its part, which
// is the same for the language, and tells the compiler.
//
// Not reported: slices that the compiler keeps away from the stack: elements of more than
// 32 bytes, made by make or by a call, captured by a function literal, handed to a
// function, moved in a loop or in more than one place; pointers that are not seen to be
// returned, stored or used after the move. Nothing is reported for releases that are not
// affected, and where the compiler's release is not known. With -release go1.26.8 the
// check judges as if that one was in use. The release of the go command that builds your
// program decides, not the go line in go.mod.
//
// To silence it, write //nolint:stackslice on the line, or //lint:ignore stackslice
// with a reason above it.
package stackslice
