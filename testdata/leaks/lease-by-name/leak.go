//go:build ignore

// By name, the lock of the name cache comes before that of the lease; release
// takes the lease first and removes it from the cache with both.
//
// leak: stucklock lock-order: reported with -all

package main

import (
	"sync"
	"time"
)

type lease struct {
	mu      sync.Mutex
	id      int
	holders int
}

type nameCache struct {
	mu     sync.Mutex
	leases map[string]*lease
}

func (c *nameCache) acquire(name string) *lease {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, ok := c.leases[name]
	if !ok {
		return nil
	}
	time.Sleep(200 * time.Microsecond)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.holders++
	return l
}

func (c *nameCache) remove(l *lease) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, cached := range c.leases {
		if cached == l {
			delete(c.leases, name)
		}
	}
}

type tableState struct {
	mu     sync.Mutex
	names  *nameCache
	active map[int]*lease
}

func (t *tableState) release(id int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.active[id]
	l.mu.Lock()
	defer l.mu.Unlock()
	l.holders--
	time.Sleep(200 * time.Microsecond)
	if l.holders <= 0 {
		t.drop(l)
	}
}

func (t *tableState) drop(l *lease) {
	delete(t.active, l.id)
	t.names.remove(l)
}

type leaseManager struct {
	names  *nameCache
	tables map[int]*tableState
}

func (m *leaseManager) Acquire(name string) *lease { return m.names.acquire(name) }

func (m *leaseManager) Release(l *lease) {
	if t := m.tables[l.id]; t != nil {
		t.release(l.id)
	}
}

func run() {
	for range 30 {
		l := &lease{id: 1, holders: 1}
		names := &nameCache{leases: map[string]*lease{"orders": l}}
		table := &tableState{names: names, active: map[int]*lease{1: l}}
		m := &leaseManager{names: names, tables: map[int]*tableState{1: table}}
		go m.Acquire("orders")
		go m.Release(l)
	}
}
