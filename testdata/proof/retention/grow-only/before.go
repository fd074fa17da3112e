//go:build ignore

// proof: retained grow-only

package main

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

type visits struct {
	mu   sync.Mutex
	last map[string]time.Time
}

func (v *visits) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.last[r.RemoteAddr] = time.Now()
}

var (
	handler http.Handler = &visits{last: make(map[string]time.Time)}
	port    int
)

func run() {
	port++
	handler.ServeHTTP(nil, &http.Request{RemoteAddr: fmt.Sprint("192.0.2.1:", port)})
}
