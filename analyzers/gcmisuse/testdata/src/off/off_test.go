package off

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func Test(t *testing.T) {
	debug.SetGCPercent(-1)
	for range 1000 {
		runtime.GC()
	}
}
