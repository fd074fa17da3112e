package demand

import (
	"runtime"
	"runtime/debug"
	"time"
)

func configured(period time.Duration, m *runtime.MemStats) {
	for range time.Tick(period) {
		runtime.ReadMemStats(m) // want `runtime.ReadMemStats stops all goroutines on every tick; runtime/metrics does not`
	}
}

func free() {
	for range time.Tick(time.Minute) {
		debug.FreeOSMemory() // want `debug.FreeOSMemory collects the whole heap every minute`
	}
}

type handle struct{ fd int }

func newHandle(fd int) *handle {
	h := &handle{fd}
	runtime.SetFinalizer(h, func(h *handle) { h.fd = 0 }) // want `takes the collector two rounds to free, on every call`
	return h
}

func all(fds []int) (hs []*handle) {
	for _, fd := range fds {
		hs = append(hs, newHandle(fd))
	}
	return hs
}
