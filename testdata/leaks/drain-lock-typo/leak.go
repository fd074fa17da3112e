//go:build ignore

// The second drain locks where it should unlock.
//
// leak: stucklock double-lock: reported

package main

import "sync"

type listener interface{ Close() }

type tcpListener struct{ closed bool }

func (l *tcpListener) Close() { l.closed = true }

type gateway struct {
	mu        sync.Mutex
	draining  bool
	listeners map[listener]bool
}

func newGateway() *gateway { return &gateway{listeners: make(map[listener]bool)} }

func (g *gateway) Serve(l listener) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.draining {
		l.Close()
		return false
	}
	g.listeners[l] = true
	return true
}

// Drain closes the listeners. Calling it again does nothing.
func (g *gateway) Drain() {
	g.mu.Lock()
	if g.draining {
		g.mu.Lock()
		return
	}
	g.draining = true
	for l := range g.listeners {
		l.Close()
		delete(g.listeners, l)
	}
	g.mu.Unlock()
}

type fixture struct{ gateway *gateway }

func (f *fixture) start() {
	f.gateway = newGateway()
	f.gateway.Serve(&tcpListener{})
}

func run() {
	f := &fixture{}
	f.start()
	for range 3 {
		f.gateway.Drain()
	}
}
