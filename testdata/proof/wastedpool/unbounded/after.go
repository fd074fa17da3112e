//go:build ignore

// proof: behaviour

package main

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
)

var bufs = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func handle(body io.Reader) error {
	buf := bufs.Get().(*bytes.Buffer)
	buf.Reset()
	_, err := io.Copy(buf, struct{ io.Reader }{body})
	if buf.Cap() <= 64<<10 {
		bufs.Put(buf)
	}
	return err
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// One large request, and many small ones that keep the pool alive.
func run() string {
	// With one P nothing is left behind in the cache of another.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	before := heap()
	// A pool may drop an object under the race detector: ask often enough.
	for range 5 {
		if err := handle(strings.NewReader(strings.Repeat("x", 16<<20))); err != nil {
			return "bad: " + err.Error()
		}
	}
	for range 10 {
		runtime.GC()
		if err := handle(strings.NewReader("small")); err != nil {
			return "bad: " + err.Error()
		}
	}
	if after := heap(); after > before+8<<20 {
		return fmt.Sprintf("bad: %d MB are still held", (after-before)>>20)
	}
	return "ok"
}

func main() { println(run()) }
