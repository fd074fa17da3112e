//go:build ignore

// proof: behaviour

package main

import (
	"runtime/debug"
	"runtime/metrics"
)

func start() {
	debug.SetGCPercent(-1)
}

func stop() {}

func cycles() uint64 {
	s := []metrics.Sample{{Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

var sink []byte

func run() string {
	old := debug.SetGCPercent(-1)
	defer debug.SetGCPercent(old)
	start()
	defer stop()
	before := cycles()
	for range 32 {
		sink = make([]byte, 1<<20)
	}
	if cycles() == before {
		return "bad: 32 MB of garbage, and no collection"
	}
	return "ok"
}
