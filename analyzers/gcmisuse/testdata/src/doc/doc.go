package doc

import (
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

func wrongImport(batches [][]byte) {
	for _, b := range batches {
		store(b)
		runtime.GC() // want `runtime.GC marks the whole heap on every iteration and makes the caller wait for it; leave it to the collector, or set GOGC or a memory limit`
	}
}

func rightImport(batches [][]byte) {
	for _, b := range batches {
		store(b)
	}
}

func wrongStatus(w http.ResponseWriter, r *http.Request) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m) // want `runtime.ReadMemStats stops all goroutines on every request; runtime/metrics does not: read /memory/classes/heap/objects:bytes`
	fmt.Fprintln(w, m.HeapAlloc)
}

func rightStatus(w http.ResponseWriter, r *http.Request) {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	fmt.Fprintln(w, s[0].Value.Uint64())
}

func wrongBurst(w http.ResponseWriter, r *http.Request) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // want `debug.SetGCPercent changes the collector for all requests, not for this one: of two that overlap, the later restores what the earlier has set, and it stays so; set it once, at the start`
	render(w)
}

func init() {
	debug.SetPanicOnFault(true) // want `debug.SetPanicOnFault concerns the calling goroutine alone: a fault in any other one still ends the program; call it in the goroutine that touches the memory, and restore it there`
}

func rightRead(m []byte) (b byte, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("read: %v", e)
		}
	}()
	return m[0], nil
}

type handle struct{ fd int }

func (h *handle) close() { closeFile(h.fd) }
func (h *handle) read()  {}

func wrongOpen(h *handle) {
	runtime.SetFinalizer(h, func(*handle) { h.close() }) // want `the finalizer of h holds h itself: it is never collected, and the finalizer never runs; use the parameter`
}

func rightOpen(h *handle) {
	runtime.AddCleanup(h, func(fd int) { closeFile(fd) }, h.fd)
}

func wrongLoop(fds []int) {
	for _, fd := range fds {
		h := &handle{fd}
		runtime.SetFinalizer(h, (*handle).close) // want `SetFinalizer makes an object that takes the collector two rounds to free, on every iteration; release it with a method that the caller runs, or reuse it`
		h.read()
	}
}

func rightLoop(fds []int) {
	for _, fd := range fds {
		h := handle{fd}
		h.read()
		h.close()
	}
}

func store([]byte)               {}
func render(http.ResponseWriter) {}
func closeFile(int)              {}
