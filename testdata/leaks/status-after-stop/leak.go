//go:build ignore

// Status asks a loop that has stopped already.
//
// leak: lostgoroutine partner-exits: reported

package main

import "sync"

type status struct{ jobs int }

type scheduler struct {
	statusc chan chan status
	submit  chan func()
	stop    chan struct{}
	done    chan struct{}
}

func newScheduler() *scheduler {
	s := &scheduler{
		statusc: make(chan chan status),
		submit:  make(chan func()),
		stop:    make(chan struct{}),
		done:    make(chan struct{}),
	}
	go s.run()
	return s
}

func (s *scheduler) run() {
	defer close(s.done)
	var st status
	for {
		select {
		case c := <-s.statusc:
			c <- st
		case f := <-s.submit:
			st.jobs++
			f()
		case <-s.stop:
			return
		}
	}
}

func (s *scheduler) Submit(f func()) bool {
	select {
	case s.submit <- f:
		return true
	case <-s.done:
		return false
	}
}

func (s *scheduler) Status() status {
	c := make(chan status)
	s.statusc <- c
	return <-c
}

// Stop may be called more than once.
func (s *scheduler) Stop() {
	select {
	case s.stop <- struct{}{}:
	case <-s.done:
	}
	<-s.done
}

func run() {
	s := newScheduler()
	s.Submit(func() {})
	var asked sync.WaitGroup
	for range 4 {
		asked.Go(func() {
			for range 100 {
				s.Status()
			}
		})
	}
	s.Stop()
	asked.Wait()
}
