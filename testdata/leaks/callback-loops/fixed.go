//go:build ignore

// Events have a queue of their own, so that the state loop never waits.

package main

import (
	"sync"
	"time"
)

type event struct{ commit func() }

type engine struct {
	stop      chan struct{}
	mu        sync.Mutex
	queue     []event
	ready     chan struct{} // one element: the queue is not empty
	callbacks chan func()
	applied   int
}

func newEngine() *engine {
	return &engine{
		stop:      make(chan struct{}),
		ready:     make(chan struct{}, 1),
		callbacks: make(chan func()),
	}
}

// emit hands an event to the store.
func (e *engine) emit(ev event) {
	e.mu.Lock()
	e.queue = append(e.queue, ev)
	e.mu.Unlock()
	select {
	case e.ready <- struct{}{}:
	default:
	}
}

// loop owns the state.
func (e *engine) loop() {
	for {
		select {
		case <-e.stop:
			return
		case cb := <-e.callbacks:
			cb()
		default:
			e.emit(event{commit: func() {
				select {
				case e.callbacks <- func() { e.applied++ }:
				case <-e.stop:
				}
			}})
			time.Sleep(10 * time.Microsecond)
		}
	}
}

type store struct{ engine *engine }

func (s *store) process() {
	for {
		select {
		case <-s.engine.ready:
			s.engine.mu.Lock()
			queue := s.engine.queue
			s.engine.queue = nil
			s.engine.mu.Unlock()
			for _, ev := range queue {
				ev.commit()
			}
		case <-s.engine.stop:
			return
		}
	}
}

func run() {
	for range 10 {
		e := newEngine()
		go (&store{engine: e}).process()
		go e.loop()
		go func() {
			time.Sleep(10 * time.Millisecond)
			close(e.stop)
		}()
	}
}
