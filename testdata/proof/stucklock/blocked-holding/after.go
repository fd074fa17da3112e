//go:build ignore

// proof: leak

package main

import (
	"sync"
	"time"
)

type worker struct {
	mu   sync.Mutex
	jobs chan int
	done chan struct{}
	n    int
}

func (w *worker) loop() {
	defer close(w.done)
	for j := range w.jobs {
		time.Sleep(time.Millisecond)
		w.mu.Lock()
		w.n += j
		w.mu.Unlock()
	}
}

func (w *worker) stop() {
	w.mu.Lock()
	close(w.jobs)
	w.mu.Unlock()
	<-w.done
}

func run() {
	w := &worker{jobs: make(chan int, 1), done: make(chan struct{})}
	go w.loop()
	w.jobs <- 1
	go w.stop()
	time.Sleep(10 * time.Millisecond)
}
