//go:build ignore

// proof: behaviour

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/metrics"
)

func status(w http.ResponseWriter, r *http.Request) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Fprintln(w, m.HeapAlloc)
}

// stops returns how often the world was stopped, other than by the collector.
func stops() (n uint64) {
	s := []metrics.Sample{{Name: "/sched/pauses/total/other:seconds"}}
	metrics.Read(s)
	for _, c := range s[0].Value.Float64Histogram().Counts {
		n += c
	}
	return n
}

func run() string {
	before := stops()
	for range 100 {
		status(httptest.NewRecorder(), nil)
	}
	if n := stops() - before; n >= 100 {
		return fmt.Sprintf("bad: 100 requests stop the world %d times", n)
	}
	return "ok"
}
