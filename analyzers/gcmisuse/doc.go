// Package gcmisuse defines a check for calls that work against the garbage collector.
//
// # Analyzer gcmisuse
//
// gcmisuse: calls that work against the garbage collector
//
// The collector runs when the heap has grown enough. A program that calls it per
// request, item or tick pays for marking the whole heap each time, and waits for it
// (forced-gc). debug.FreeOSMemory does the same and gives pages back that are soon asked
// for again (free-os-memory).
//
//	func wrongImport(batches [][]byte) {
//		for _, b := range batches {
//			store(b)
//			runtime.GC() // marks the whole heap on every iteration
//		}
//	}
//
//	func rightImport(batches [][]byte) {
//		for _, b := range batches {
//			store(b)
//		}
//	}
//
// runtime.ReadMemStats stops all goroutines; runtime/metrics has the same numbers and
// does not (memstats).
//
//	func wrongStatus(w http.ResponseWriter, r *http.Request) {
//		var m runtime.MemStats
//		runtime.ReadMemStats(&m) // read /memory/classes/heap/objects:bytes
//		fmt.Fprintln(w, m.HeapAlloc)
//	}
//
//	func rightStatus(w http.ResponseWriter, r *http.Request) {
//		s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
//		metrics.Read(s)
//		fmt.Fprintln(w, s[0].Value.Uint64())
//	}
//
// Settings of the collector are those of the program. Two requests that overlap restore
// each other's value, and the last one may leave the collector off for good (gc-thrash).
//
//	func wrongBurst(w http.ResponseWriter, r *http.Request) {
//		defer debug.SetGCPercent(debug.SetGCPercent(-1))
//		render(w)
//	}
//
// With the collector off, a program that goes on grows until it is killed, unless a
// memory limit makes it collect (gc-off).
//
//	func wrongStart() {
//		debug.SetGCPercent(-1)
//		serve()
//	}
//
// debug.SetPanicOnFault concerns the calling goroutine: called while the program
// starts, it protects nobody who touches mapped memory later (panic-on-fault).
//
//	func init() {
//		debug.SetPanicOnFault(true)
//	}
//
//	func rightRead(m []byte) (b byte, err error) {
//		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
//		defer func() {
//			if e := recover(); e != nil {
//				err = fmt.Errorf("read: %v", e)
//			}
//		}()
//		return m[0], nil
//	}
//
// A finalizer that holds its object keeps it alive: neither is ever collected, and the
// finalizer never runs. So do the function and the argument of runtime.AddCleanup
// (finalizer-captures).
//
//	func wrongOpen(h *handle) {
//		runtime.SetFinalizer(h, func(*handle) { h.close() })
//	}
//
//	func rightOpen(h *handle) {
//		runtime.AddCleanup(h, func(fd int) { closeFile(fd) }, h.fd)
//	}
//
// An object with a finalizer lives on the heap and takes the collector two rounds to
// free; for each object of a loop or request, that adds up (finalizer-hot).
//
//	func wrongLoop(fds []int) {
//		for _, fd := range fds {
//			h := &handle{fd}
//			runtime.SetFinalizer(h, (*handle).close)
//			h.read()
//		}
//	}
//
//	func rightLoop(fds []int) {
//		for _, fd := range fds {
//			h := handle{fd}
//			h.read()
//			h.close()
//		}
//	}
//
// Not reported: tests, benchmarks and functions that measure the heap; calls under a
// condition other than that of every nth time, or with a comment of some lines above that (with -all); handlers that exist for the call, such as
// those of debug routes; ticks of more than 10 seconds, and statistics on those of unknown
// length (with -all); commands that do their work
// and end with the collector off; a collector that is switched on again, a memory limit
// that the package sets, or GOMEMLIMIT, if it is mentioned; settings that are computed.
//
// To silence one finding, put a comment at the end of its line or above it:
//
//	runtime.GC() //nolint:gcmisuse // the next batch needs all the memory there is
package gcmisuse
