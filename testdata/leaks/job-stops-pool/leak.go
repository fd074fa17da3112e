//go:build ignore

// A job that fails stops the pool, and Stop waits for the worker that the job
// runs in.
//
// leak: lostgoroutine waitgroup: reported as lostgoroutine self-wait

package main

import (
	"errors"
	"sync"
)

type job struct {
	name string
	size int
}

var errTooLarge = errors.New("job is too large")

type pool struct {
	jobs    chan job
	workers sync.WaitGroup
	once    sync.Once
	done    int
}

func newPool(n int) *pool {
	p := &pool{jobs: make(chan job, 8)}
	for range n {
		p.workers.Add(1)
		go p.work()
	}
	return p
}

func (p *pool) work() {
	defer p.workers.Done()
	for j := range p.jobs {
		if err := p.handle(j); err != nil {
			p.Stop()
			return
		}
	}
}

func (p *pool) handle(j job) error {
	if j.size > 10 {
		return errTooLarge
	}
	return nil
}

// Stop ends the pool, and returns when all workers have ended.
func (p *pool) Stop() {
	p.once.Do(func() { close(p.jobs) })
	p.workers.Wait()
}

func run() {
	p := newPool(1)
	p.jobs <- job{"a", 1}
	p.jobs <- job{"b", 11}
}
