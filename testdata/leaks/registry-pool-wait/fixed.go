//go:build ignore

// The lock of the registry is held only to find the pool.

package main

import (
	"sync"
	"time"
)

type conn struct{ host string }

type pool struct {
	mu   sync.Mutex
	some *sync.Cond
	idle []*conn
}

func newPool(host string, n int) *pool {
	p := &pool{}
	p.some = sync.NewCond(&p.mu)
	for range n {
		p.idle = append(p.idle, &conn{host})
	}
	return p
}

func (p *pool) get() *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.idle) == 0 {
		p.some.Wait()
	}
	c := p.idle[len(p.idle)-1]
	p.idle = p.idle[:len(p.idle)-1]
	return c
}

func (p *pool) put(c *conn) {
	p.mu.Lock()
	p.idle = append(p.idle, c)
	p.mu.Unlock()
	p.some.Signal()
}

type registry struct {
	mu    sync.Mutex
	pools map[string]*pool
}

// Get returns a connection to a host.
func (r *registry) Get(host string) *conn {
	r.mu.Lock()
	p := r.pools[host]
	if p == nil {
		p = newPool(host, 1)
		r.pools[host] = p
	}
	r.mu.Unlock()
	return p.get()
}

// Put gives a connection back.
func (r *registry) Put(c *conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pools[c.host].put(c)
}

func run() {
	r := &registry{pools: make(map[string]*pool)}
	for range 2 {
		go func() {
			c := r.Get("db1")
			time.Sleep(time.Millisecond)
			r.Put(c)
		}()
	}
}
