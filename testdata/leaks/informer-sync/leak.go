//go:build ignore

// The informer asks its queue whether it is synced, with its own lock held; the
// queue hands a new cluster to the informer with the lock of the queue held.
//
// leak: stucklock lock-order: reported with -all

package main

import (
	"sync"
	"time"
)

type popFunc func(item string)

type queue interface {
	HasSynced() bool
	Pop(popFunc) bool
}

type fifo struct {
	mu    sync.RWMutex
	items []string
}

func (f *fifo) HasSynced() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.items) == 0
}

func (f *fifo) Pop(process popFunc) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.items) == 0 {
		return false
	}
	item := f.items[0]
	f.items = f.items[1:]
	time.Sleep(100 * time.Microsecond)
	process(item)
	return true
}

type eventHandler interface{ OnAdd(item string) }

type handlerFuncs struct{ add func(string) }

func (h handlerFuncs) OnAdd(item string) {
	if h.add != nil {
		h.add(item)
	}
}

type controller struct {
	queue   queue
	process popFunc
}

func newController(h eventHandler, items []string) *controller {
	return &controller{queue: &fifo{items: items}, process: func(item string) { h.OnAdd(item) }}
}

func (c *controller) Run() {
	for c.queue.Pop(c.process) {
	}
}

func (c *controller) HasSynced() bool { return c.queue.HasSynced() }

type federation struct {
	sync.Mutex
	clusters   []string
	controller *controller
}

func newFederation(items ...string) *federation {
	f := &federation{}
	f.controller = newController(handlerFuncs{add: f.addCluster}, items)
	return f
}

func (f *federation) addCluster(name string) {
	f.Lock()
	defer f.Unlock()
	f.clusters = append(f.clusters, name)
}

// Synced reports whether all clusters are known.
func (f *federation) Synced() bool {
	f.Lock()
	defer f.Unlock()
	return len(f.clusters) > 0 && f.controller.HasSynced()
}

func (f *federation) Start() { go f.controller.Run() }

func run() {
	for range 20 {
		f := newFederation("a", "b", "c", "d")
		f.Start()
		go func() {
			for !f.Synced() {
				time.Sleep(10 * time.Microsecond)
			}
		}()
	}
}
