//go:build ignore

// Send and stop are cases of one select.

package main

import (
	"sync"
	"time"
)

type stopper struct {
	workers sync.WaitGroup
	quit    chan struct{}
}

func (s *stopper) Go(f func()) {
	s.workers.Add(1)
	go func() {
		defer s.workers.Done()
		f()
	}()
}

func (s *stopper) Quit() <-chan struct{} { return s.quit }

func (s *stopper) Stop() {
	close(s.quit)
	s.workers.Wait()
}

type source interface{ Events() <-chan int }

type feed struct {
	stop   *stopper
	events chan int
}

func newFeed(stop *stopper) source {
	f := &feed{stop: stop, events: make(chan int)}
	stop.Go(f.produce)
	return f
}

func (f *feed) Events() <-chan int { return f.events }

func (f *feed) produce() {
	for seq := 0; ; seq++ {
		select {
		case <-f.stop.Quit():
			return
		case f.events <- seq:
		}
	}
}

func consume(events <-chan int, stop *stopper) {
	for {
		select {
		case <-events:
			time.Sleep(50 * time.Microsecond)
		case <-stop.Quit():
			return
		}
	}
}

func run() {
	for range 10 {
		s := &stopper{quit: make(chan struct{})}
		f := newFeed(s)
		s.Go(func() { consume(f.Events(), s) })
		time.Sleep(time.Millisecond)
		go s.Stop()
	}
}
