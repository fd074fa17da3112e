//go:build ignore

// The worker only closes the jobs, and does not wait for itself.

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
			p.end()
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
	p.end()
	p.workers.Wait()
}

func (p *pool) end() { p.once.Do(func() { close(p.jobs) }) }

func run() {
	p := newPool(1)
	p.jobs <- job{"a", 1}
	p.jobs <- job{"b", 11}
	p.Stop()
}
