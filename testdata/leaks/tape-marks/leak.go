//go:build ignore

// Each who waits for a mark of a tape waits for another one, and a Signal wakes only one of them.
//
// leak: lostgoroutine cond: reported

package main

import (
	"sync"
	"time"
)

type tape struct {
	mu    sync.Mutex
	moved *sync.Cond
	at    int
}

func newTape() *tape {
	t := new(tape)
	t.moved = sync.NewCond(&t.mu)
	return t
}

func (t *tape) await(mark int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.at < mark {
		t.moved.Wait()
	}
}

func (t *tape) forward(to int) {
	t.mu.Lock()
	t.at = to
	t.mu.Unlock()
	t.moved.Signal()
}

func run() {
	t := newTape()
	for mark := range 3 {
		go t.await(mark + 1)
	}
	time.Sleep(50 * time.Millisecond)
	t.forward(3)
}
