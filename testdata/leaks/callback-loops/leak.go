//go:build ignore

// The state loop waits for somebody to take its event while the one who takes
// events waits for the state loop to take its callback.
//
// leak: lostgoroutine partner-exits: not reported

package main

import (
	"time"
)

type event struct{ commit func() }

type engine struct {
	stop      chan struct{}
	events    chan event
	callbacks chan func()
	applied   int
}

func newEngine() *engine {
	return &engine{
		stop:      make(chan struct{}),
		events:    make(chan event),
		callbacks: make(chan func()),
	}
}

// emit hands an event to the store.
func (e *engine) emit(ev event) {
	e.events <- ev
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
				e.callbacks <- func() { e.applied++ }
			}})
			time.Sleep(10 * time.Microsecond)
		}
	}
}

type store struct{ engine *engine }

func (s *store) process() {
	for {
		select {
		case ev := <-s.engine.events:
			ev.commit()
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
