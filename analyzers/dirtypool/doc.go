// Package dirtypool defines an analyzer that reports pooled objects that carry
// data from one user to the next.
//
// # Analyzer dirtypool
//
// dirtypool: pooled object carries data to its next user
//
// An object from a sync.Pool is as its last user left it. If nobody clears it,
// between Get and Put or after, the next request reads, sends or logs the data
// of another one: a token, an address, half of a response. Tests rarely show
// it, for the pool hands out new objects until there is load. What it costs is
// not memory but trust: the answer to one user holds what another one sent.
// A reset costs about a nanosecond and keeps the capacity that the pool is for.
//
// The category no-reset is an object that nobody resets: a buffer written on
// top of what it holds, a slice appended to without [:0], a map filled and
// never cleared, a hash written to, a struct decoded into as it comes.
//
// WRONG:
//
//	func render(p point) string {
//		buf := bufPool.Get().(*bytes.Buffer) // the *bytes.Buffer from bufPool may still hold its previous user's data
//		defer bufPool.Put(buf)
//		fmt.Fprintf(buf, "%d/%d", p.x, p.y)
//		return buf.String()
//	}
//
// RIGHT:
//
//	func renderRight(p point) string {
//		buf := bufPool.Get().(*bytes.Buffer)
//		buf.Reset()
//		defer bufPool.Put(buf)
//
// The category partial-reset is an object whose reset leaves a field that some
// users set and others only read, or that a method sets for some arguments only while none
// begins with it in any case; fields of structs within it count on their own. It is as well
// the one exported field of text, bytes or a map that a reset leaves while it clears all
// others, if only other packages set it and this one reads it.
//
// WRONG:
//
//	func (r *request) reset() { r.id = 0 } // (*request).reset leaves field token set
//
//	func handle(w io.Writer, header map[string]string) {
//		r := requests.Get().(*request)
//		if t := header["Authorization"]; t != "" {
//			r.token = t
//		}
//		serve(w, r)
//		r.reset()
//		requests.Put(r)
//	}
//
// RIGHT:
//
//	func (a *answer) reset() { *a = answer{} }
//
// The category retained is a slice that is cut to [:0] before its object goes
// back: the elements stay where they are, behind the end of the slice, and so
// does all they point to; so it is if only the next user cuts it. 64 pointers to 1 MiB each are 64 MiB that the garbage
// collector cannot have for as long as the object is in use or in the pool.
//
// WRONG:
//
//	func (b *batch) release() {
//		b.items = b.items[:0] // b.items[:0] keeps the old *item values reachable from batches; clear(b.items) first
//		batches.Put(b)
//	}
//
// RIGHT:
//
//	func (q *queue) release() {
//		clear(q.items)
//		q.items = q.items[:0]
//		queues.Put(q)
//	}
//
// Functions that wrap Get and Put are looked through, in the package and in
// other packages of the module: those of generic pools too, whose reset is a
// function that each pool is made with, or a method of what it holds, and those
// that return the object together with the function that puts it back. A finding
// of the first two categories needs three things seen: code that stores data, a
// Put on the way from there that nothing cleared it before, and code that reads
// it after a Get with nothing assigned first. What one function takes for its
// callers and another one puts back, such as a method Close, is reported if no
// code of the package ever clears it.
//
// # Not reported
//
// What went to functions it cannot see, unless no code of the package ever clears
// it. Fields that every user assigns, that are set in New only, that are filled
// only where they are found unset, or that another field declares invalid. Maps of
// computed values, which are caches; one that holds only true or struct{}{} is
// the set of what one user has seen, and one of positions in what a caller gave, or in a
// list that is emptied, means nothing to the next. Maps whose keys are always the same. Locks, generations, identities, arrays and
// scratch slices cut to their length. Fields whose comment says that they are kept.
//
// For retained: tests; elements without pointers; slices cleared, set to nil or emptied
// in a loop; elements that are used again, or that have a pool or a Close of their
// own; slices that somebody else gave. Strings, functions, errors and what holds
// no more than those are little, and reported only with the flag -all.
//
// # Fixes
//
// For no-reset the suggested fix inserts a call of Reset after the Get. It is
// offered where New yields an empty object whose type has a method Reset; write
// the rest by hand, for only you know what a field means. For retained it inserts
// the call of clear, from Go 1.21 on, unless the elements are handed out.
//
// # To silence it
//
// Where the old content is wanted, write //nolint:dirtypool with a reason at the
// end of the line, or above it
//
//	//lint:ignore dirtypool the parser keeps its symbol table on purpose
package dirtypool
