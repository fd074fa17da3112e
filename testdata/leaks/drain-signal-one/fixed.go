//go:build ignore

// The end of a queue is told to all.

package main

import (
	"sync"
	"time"
)

type queue struct {
	mu    sync.Mutex
	more  *sync.Cond
	items []int
	done  bool
}

func newQueue() *queue {
	q := new(queue)
	q.more = sync.NewCond(&q.mu)
	return q
}

func (q *queue) push(i int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, i)
	q.more.Signal()
}

func (q *queue) pop() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.done {
		q.more.Wait()
	}
	if len(q.items) == 0 {
		return 0, false
	}
	i := q.items[0]
	q.items = q.items[1:]
	return i, true
}

func (q *queue) end() {
	q.mu.Lock()
	q.done = true
	q.mu.Unlock()
	q.more.Broadcast()
}

func run() {
	q := newQueue()
	for range 3 {
		go func() {
			for {
				if _, ok := q.pop(); !ok {
					return
				}
			}
		}()
	}
	time.Sleep(50 * time.Millisecond)
	q.push(1)
	q.end()
}
