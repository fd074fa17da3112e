//go:build ignore

// proof: leak

package main

import (
	"sync"
	"time"
)

type queue struct {
	mu     sync.Mutex
	filled *sync.Cond
	items  []int
}

func newQueue() *queue {
	q := new(queue)
	q.filled = sync.NewCond(&q.mu)
	return q
}

func (q *queue) take() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.filled.Wait()
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x
}

func (q *queue) put(x int) {
	q.mu.Lock()
	q.items = append(q.items, x)
	q.mu.Unlock()
}

func run() {
	q := newQueue()
	started := make(chan struct{})
	go func() {
		close(started)
		q.take()
	}()
	<-started
	time.Sleep(5 * time.Millisecond)
	q.put(1)
}
