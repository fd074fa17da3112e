//go:build ignore

// proof: leak

package main

import "sync"

type pool struct {
	jobs chan int
	busy sync.WaitGroup
}

func (p *pool) work() {
	defer p.busy.Done()
	for j := range p.jobs {
		if j < 0 {
			p.end()
		}
	}
}

func (p *pool) end() { close(p.jobs) }

func run() {
	p := &pool{jobs: make(chan int, 1)}
	p.busy.Add(1)
	go p.work()
	p.jobs <- -1
	p.busy.Wait()
}
