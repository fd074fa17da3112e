// Package life has functions that leave goroutines to their callers.
package life

import (
	"context"
	"sync"
)

// A Worker runs until it is stopped.
type Worker struct {
	jobs chan int
	quit chan struct{}
	once sync.Once
	n    int
}

func New() *Worker { // want New:`starts a goroutine that Stop of 0 ends`
	w := &Worker{jobs: make(chan int), quit: make(chan struct{})}
	go w.loop()
	return w
}

func Open(name string) (*Worker, error) { // want Open:`starts a goroutine that Stop of 0 ends`
	if name == "" {
		return nil, context.Canceled
	}
	w := &Worker{jobs: make(chan int), quit: make(chan struct{})}
	go w.loop()
	return w, nil
}

func (w *Worker) loop() {
	for {
		select {
		case j := <-w.jobs:
			w.n += j
		case <-w.quit:
			return
		}
	}
}

func (w *Worker) Add(j int) {
	select {
	case w.jobs <- j:
	case <-w.quit:
	}
}

func (w *Worker) Stop() { w.once.Do(func() { close(w.quit) }) }

// A Watcher is cancelled, by itself or by a context.
type Watcher struct{ cancel context.CancelFunc }

func Watch(ctx context.Context) *Watcher { // want Watch:`starts a goroutine that Close of 0 ends`
	ctx, cancel := context.WithCancel(ctx)
	w := &Watcher{cancel}
	go func() {
		<-ctx.Done()
	}()
	return w
}

func (w *Watcher) Poll() int { return 1 }
func (w *Watcher) Close()    { w.cancel() }

// Registered workers are stopped by others.
var all []*Worker

func Registered() *Worker {
	w := &Worker{jobs: make(chan int), quit: make(chan struct{})}
	all = append(all, w)
	go w.loop()
	return w
}

func StopAll() {
	for _, w := range all {
		w.Stop()
	}
}

// Server is started by a method.
type Server struct{ done chan bool }

func (s *Server) Start() { // want Start:`starts a goroutine that Shutdown of -1 ends`
	go func() { <-s.done }()
}

func (s *Server) Shutdown() { close(s.done) }

func NewServer() *Server { return &Server{make(chan bool)} }
