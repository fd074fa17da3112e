// Package wastedpool defines an analyzer that reports sync.Pools that save
// nothing, cost more than they save, or keep what they should let go.
//
// # Analyzer wastedpool
//
// wastedpool: sync.Pool that saves nothing, or costs more
//
// A sync.Pool pays off if Put and Get only pass a pointer on. Many pools do not:
// each use of theirs allocates, or nothing ever comes back, and the pool only adds
// its own cost. None of this shows in tests.
//
// The category value is an object that is no pointer. Put takes an interface, so
// a slice is copied to the heap first: 24 bytes and 65 ns each time, where a pointer
// costs nothing and 29 ns. Functions and generic types that wrap a pool are looked
// through; those are reported where the type is chosen.
//
// WRONG:
//
//	func release(b []byte) {
//		bufs.Put(b) // sync.Pool.Put of []byte boxes a 24-byte slice header on the heap on every Put; store *[]byte
//	}
//
// The usual remedy is no better: the category addr-of-copy is the address of a
// variable that holds a copy of what Get returned. The variable moves to the
// heap, so that each call allocates the same 24 bytes.
//
// WRONG:
//
//	func checksum(r io.Reader) (sum uint32) {
//		b := *scratch.Get().(*[]byte)
//		for {
//			n, err := r.Read(b)
//			sum = crc32.Update(sum, crc32.IEEETable, b[:n])
//			if err != nil {
//				break
//			}
//		}
//		scratch.Put(&b) // Put\(&b\) allocates a new slice header on each call; put back the pointer obtained from Get
//		return sum
//	}
//
// RIGHT:
//
//	func checksumRight(r io.Reader) (sum uint32) {
//		bp := scratch.Get().(*[]byte)
//		b := *bp
//		for {
//			n, err := r.Read(b)
//			sum = crc32.Update(sum, crc32.IEEETable, b[:n])
//			if err != nil {
//				break
//			}
//		}
//		*bp = b
//		scratch.Put(bp)
//		return sum
//	}
//
// The category unbounded is a buffer that goes back whatever its capacity. One
// large request leaves as many large buffers as there are Ps and users, for as
// long as the pool is in use (golang/go#23199). Four of five pools of buffers do that,
// and most are harmless; so it is reported where an input of the program decides
// the size: where all of a reader is copied to the buffer, a list, map or unknown
// value is encoded to it, a page is rendered, or a loop writes all of a list that the caller gives; and
// where the buffer goes to other packages with a function that puts it back. With -all, wherever
// something variable is written.
//
// WRONG:
//
//	func forward(w io.Writer, body io.Reader) error {
//		buf := bodies.Get().(*bytes.Buffer)
//		buf.Reset()
//		defer bodies.Put(buf) // is put back into bodies whatever its capacity
//		if _, err := io.Copy(buf, body); err != nil {
//			return err
//		}
//		_, err := w.Write(buf.Bytes())
//		return err
//	}
//
// RIGHT:
//
//	func forwardRight(w io.Writer, body io.Reader) error {
//		buf := kept.Get().(*bytes.Buffer)
//		buf.Reset()
//		defer func() {
//			if buf.Cap() <= 64<<10 {
//				kept.Put(buf)
//			}
//		}()
//
// The category per-call is a pool that is a local variable, in which no Get comes
// after a Put: 900 bytes and 4 allocations, where the buffer alone is one. It is one
// as well if a loop takes one object at a time from it: one variable before the loop does that.
//
// WRONG:
//
//	func render(name string) string {
//		var pool sync.Pool // pool is made on each call, so its Get finds nothing to reuse
//		buf, ok := pool.Get().(*bytes.Buffer)
//
// The category new-mismatch is a Get that panics on what New or another Put left
// there: New is never set, yields another type, a typed nil is put back. A direct
// call of New passes over all that is in the pool.
//
// WRONG:
//
//	var encoders = sync.Pool{New: func() any { return encoder{} }}
//
//	func encode() *encoder {
//		return encoders.Get().(*encoder) // New of encoders returns encoder but Get asserts \*encoder
//	}
//
// The category never-put is a pool from which the package takes and to which it
// gives nothing; defer-in-loop a Put that waits for the end of a function while its
// loop goes on to take more; missed-put a Get whose result is thrown away and
// a return that drops an object, for a reason that has nothing to do with it, which several
// other paths put back (with -all, one other path): it is no leak, for the collector takes it,
// but it is not reused.
//
// WRONG:
//
//	for _, line := range lines {
//		h := hashes.Get().(hash.Hash)
//		defer hashes.Put(h) // Put deferred in a loop runs only when the function returns
//
// The category resource is a pool of files, connections, transactions or
// processes. The collector empties pools, and nobody closes what was in them.
//
// WRONG:
//
//	var conns = sync.Pool{New: func() any {
//		c, err := net.Dial("tcp", "localhost:7070")
//		if err != nil {
//			return nil
//		}
//		return c // net.Conn in a sync.Pool is dropped by the garbage collector without Close
//	}}
//
// # Not reported
//
// Pointers, maps, channels, functions and interfaces put back as Get returned them.
// The address of a variable that is declared where the object is made, in New or
// after a Get that found none. Buffers with any test of their capacity or length
// before the Put, input behind io.LimitReader or http.MaxBytesReader with a limit that is not known to be megabytes, arrays of pools
// by size. Local pools that goroutines or function literals share, from which loops take
// several objects at once, or that are handed on. Assertions with ok, or after a test for nil. Pools that
// other packages can reach. Writers that compress or buffer, which need no Close.
// Tests.
//
// # Fixes
//
// The suggested fixes keep the pointer from Get, where Get and Put are in one
// function and nobody else has the address, and call Get in place of New. The other
// categories need a decision: a limit, another type, another owner.
//
// # To silence it
//
// Where the cost is known and wanted, write //nolint:wastedpool with a reason at the
// end of the line.
package wastedpool
