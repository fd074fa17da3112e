//go:build ignore

// The watcher ends when the balancer closes its addresses, and whoever waits for
// the first address is told only if there was one.
//
// leak: lostgoroutine lost-signal: reported

package main

import "sync"

type balancer interface{ Notify() <-chan []string }

type roundRobin struct {
	mu    sync.Mutex
	addrs chan []string
}

func (r *roundRobin) Notify() <-chan []string { return r.addrs }

func (r *roundRobin) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.addrs)
}

type conn struct{ addr string }

type pool struct {
	balancer balancer
	conns    map[string]*conn
}

func (p *pool) watch(ready chan struct{}) {
	first := true
	for addrs := range p.balancer.Notify() {
		fresh := make(map[string]*conn, len(addrs))
		for _, a := range addrs {
			fresh[a] = &conn{addr: a}
		}
		p.conns = fresh
		if first {
			close(ready)
			first = false
		}
	}
}

// dial returns a channel that tells when there are connections.
func dial(b balancer) <-chan error {
	p := &pool{balancer: b}
	connected := make(chan error, 1)
	go func() {
		defer close(connected)
		ready := make(chan struct{})
		go p.watch(ready)
		<-ready
	}()
	return connected
}

func run() {
	b := &roundRobin{addrs: make(chan []string)}
	connected := dial(b)
	b.Close()
	select {
	case <-connected:
	default:
	}
}
