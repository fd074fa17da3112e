package unit

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// ample is how many bytes the process may take before its heap is collected at all.
// Most units end before.
const ample = 256 << 20

// growHeap has the heap collected when it is larger than ample and has doubled. A
// fixed limit would make the collector take half of all time on packages whose syntax
// and SSA need more.
func growHeap() {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(ample)
	onCollection(func() {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		if live[0].Value.Kind() == metrics.KindUint64 {
			debug.SetMemoryLimit(max(ample, 2*int64(live[0].Value.Uint64())))
		}
	})
}

// onCollection calls f after each collection.
func onCollection(f func()) {
	type sentinel struct{ _ *byte } // with a pointer, so that it shares no block with others that live on
	runtime.SetFinalizer(new(sentinel), func(*sentinel) {
		f()
		onCollection(f)
	})
}
