//go:build ignore

// Stop waits for the jobs with the lock held that each of them needs to end.
//
// leak: stucklock blocked-holding: reported

package main

import (
	"errors"
	"sync"
	"time"
)

var errDraining = errors.New("runner is draining")

type runner struct {
	mu       sync.Mutex
	draining bool
	jobs     sync.WaitGroup
	stopped  chan struct{}
}

func newRunner() *runner { return &runner{stopped: make(chan struct{})} }

// Begin counts a job that runs from now on.
func (r *runner) Begin() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.draining {
		return errDraining
	}
	r.jobs.Add(1)
	return nil
}

// End says that the job of Begin is over.
func (r *runner) End() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.jobs.Done()
}

func (r *runner) Stopped() <-chan struct{} { return r.stopped }

// Stop ends the runner and waits for its jobs.
func (r *runner) Stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.draining = true
	r.jobs.Wait()
	close(r.stopped)
}

func tail(r *runner, poll time.Duration) {
	if r.Begin() != nil {
		return
	}
	defer r.End()
	for {
		select {
		case <-time.After(poll):
			return
		case <-r.Stopped():
			return
		}
	}
}

func run() {
	r := newRunner()
	for range 3 {
		go tail(r, 3*time.Millisecond)
	}
	time.Sleep(time.Millisecond)
	r.Stop()
}
