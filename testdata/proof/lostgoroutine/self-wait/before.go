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
			p.stop()
		}
	}
}

func (p *pool) stop() {
	close(p.jobs)
	p.busy.Wait()
}

func run() {
	p := &pool{jobs: make(chan int, 1)}
	p.busy.Add(1)
	go p.work()
	p.jobs <- -1
}
