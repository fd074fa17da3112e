//go:build ignore

// proof: behaviour

package main

import (
	"fmt"
	"net/http"
	"runtime/metrics"
)

var requests int

func count() { requests++ }

func upload(w http.ResponseWriter, r *http.Request) {
	count()
}

func forced() uint64 {
	s := []metrics.Sample{{Name: "/gc/cycles/forced:gc-cycles"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

func run() string {
	before := forced()
	for range 20 {
		upload(nil, nil)
	}
	if n := forced() - before; n > 0 {
		return fmt.Sprintf("bad: %d collections for 20 requests", n)
	}
	return "ok"
}
