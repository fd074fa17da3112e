//go:build ignore

// The workers wait for an item with the read lock held, and after a writer has
// asked for the lock, the one who adds items waits behind the writer.
//
// leak: stucklock blocked-holding: reported with -all

package main

import (
	"sync"
	"time"
)

type workQueue interface {
	Get() string
	Add(item string)
}

type condQueue struct {
	cond  *sync.Cond
	items []string
}

func newQueue() *condQueue { return &condQueue{cond: sync.NewCond(&sync.Mutex{})} }

func (q *condQueue) Get() string {
	q.cond.L.Lock()
	defer q.cond.L.Unlock()
	for len(q.items) == 0 {
		q.cond.Wait()
	}
	item := q.items[0]
	q.items = q.items[1:]
	return item
}

func (q *condQueue) Add(item string) {
	q.cond.L.Lock()
	defer q.cond.L.Unlock()
	q.items = append(q.items, item)
	q.cond.Signal()
}

type quotas struct {
	mu      sync.RWMutex
	rules   map[string]int
	queue   workQueue
	missing workQueue
}

func (q *quotas) worker(queue workQueue, n int) {
	work := func() {
		q.mu.RLock()
		defer q.mu.RUnlock()
		item := queue.Get()
		_ = q.rules[item]
	}
	for range n {
		work()
	}
}

// Enqueue adds an item that has a rule, and one that has none, to their queues.
func (q *quotas) Enqueue(item string) {
	q.mu.RLock()
	_, ok := q.rules[item]
	q.mu.RUnlock()
	if ok {
		q.queue.Add(item)
	} else {
		q.missing.Add(item)
	}
}

func (q *quotas) SetRule(item string, n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.rules[item] = n
}

func run() {
	q := &quotas{rules: map[string]int{"a": 1}, queue: newQueue(), missing: newQueue()}
	go q.worker(q.queue, 1)
	go q.worker(q.missing, 1)
	time.Sleep(time.Millisecond)
	go q.SetRule("a", 2)
	time.Sleep(time.Millisecond)
	go q.Enqueue("a")
	go q.Enqueue("b")
}
