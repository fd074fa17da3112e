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

	cancels []context.CancelFunc
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

func NewServer() *Server { return &Server{make(chan bool)} } // want NewServer:`makes an object for its caller`

// Serve serves in the background and sends the error that ends it.
func Serve(n int) <-chan error { // want Serve:`starts a goroutine that sends to result 0`
	errs := make(chan error)
	go func() {
		defer close(errs)
		if n > 0 {
			errs <- context.Canceled // want `this send blocks forever once serveAll returns`
		}
	}()
	return errs
}

// Later has room for the error.
func Later(n int) <-chan error {
	errs := make(chan error, 1)
	go func() { errs <- context.Canceled }()
	return errs
}

// Heard has somebody who listens.
func Heard(n int) <-chan error {
	errs := make(chan error)
	go func() { errs <- context.Canceled }()
	go func() { <-errs }()
	return errs
}

func serveAll() {
	Serve(1)
	Later(1)
	Heard(1)
	errs := Serve(2)
	<-errs
}

func Run() { serveAll() }

// A meter is started and stopped.
type meter struct {
	n    chan int
	done chan struct{}
}

func newMeter() *meter { return &meter{n: make(chan int), done: make(chan struct{})} }

func (m *meter) start() { // want start:`starts a goroutine that stop of -1 ends`
	go func() {
		for {
			select {
			case <-m.n:
			case <-m.done:
				return
			}
		}
	}()
}

func (m *meter) add(n int) { m.n <- n }
func (m *meter) stop()     { close(m.done) }

func Measure(n int) bool {
	m := newMeter()
	m.start() // want `start starts a goroutine that ends only after stop: Measure returns at line \d+ without calling it, and nobody else can`
	m.add(n)
	if n == 0 {
		return false
	}
	m.stop()
	return true
}
