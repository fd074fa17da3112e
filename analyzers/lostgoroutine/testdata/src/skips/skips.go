// Package skips has functions that leave out on some paths what others wait for.
package skips

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

var errBad = errors.New("bad")

func try(n int) error { return fmt.Errorf("%d", n) }

// A crawler counts its pages, but not those that it has seen.
type crawler struct {
	mu    sync.Mutex
	seen  map[string]bool
	pages sync.WaitGroup
}

func (c *crawler) first(url string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.seen[url]
	c.seen[url] = true
	return !old
}

func (c *crawler) visit(url string) {
	if !c.first(url) {
		return
	}
	c.pages.Done()
}

func (c *crawler) crawl(urls []string) {
	for _, url := range urls {
		c.pages.Add(1)
		go c.visit(url)
	}
	c.pages.Wait() // want `this Wait never returns once visit has returned at line 32: that way it does not call Done on c.pages`
}

// Who counts itself need not be done before.
type later struct{ busy sync.WaitGroup }

func (l *later) run(n int) {
	if try(n) != nil {
		return
	}
	l.busy.Add(1)
	fmt.Println(n)
	l.busy.Done()
}

func (l *later) all() {
	go l.run(1)
	l.busy.Wait()
}

// The starter says whether the goroutine is counted.
type some struct{ busy sync.WaitGroup }

func (s *some) run(counted bool) {
	fmt.Println(counted)
	if counted {
		s.busy.Done()
	}
}

func (s *some) all() {
	s.busy.Add(1)
	go s.run(true)
	go s.run(false)
	s.busy.Wait()
}

// Another function is done for it.
type relay struct{ busy sync.WaitGroup }

func (r *relay) first(n int) {
	if n > 1 {
		go r.second(n)
		return
	}
	r.busy.Done()
}

func (r *relay) second(n int) {
	fmt.Println(n)
	r.busy.Done()
}

func (r *relay) all() {
	r.busy.Add(1)
	go r.first(2)
	r.busy.Wait()
}

// A server tells that it is ready, unless it fails.
type server struct {
	name  string
	ready chan struct{}
	err   error
}

func (s *server) serve() {
	if err := try(len(s.name)); err != nil {
		s.err = err
		return
	}
	close(s.ready)
	fmt.Println(s.name)
}

func start(name string) error {
	s := &server{name: name, ready: make(chan struct{})}
	go s.serve()
	s.wait()
	return s.err
}

func (s *server) wait() {
	<-s.ready // want `this receive blocks forever when the goroutine started at line 119 returns at line 111: nobody sends to s.ready or closes it`
}

// Those who wait look at something else, too.
type careful struct {
	ready chan struct{}
}

func (c *careful) serve() {
	if try(1) != nil {
		return
	}
	close(c.ready)
}

func startCareful(ctx context.Context) {
	c := &careful{make(chan struct{})}
	go c.serve()
	c.wait(ctx)
}

func (c *careful) wait(ctx context.Context) {
	select {
	case <-c.ready:
	case <-ctx.Done():
	}
}

// Places of a semaphore.
type limiter struct{ places chan struct{} }

func newLimiter(n int) *limiter { return &limiter{make(chan struct{}, n)} }

func (l *limiter) acquire() { l.places <- struct{}{} }
func (l *limiter) release() { <-l.places }

func (l *limiter) handle(n int) error {
	l.acquire() // want `the place taken here is not given back on a path to the return at line 164`
	if n > 10 {
		return errBad
	}
	l.release()
	return nil
}

func (l *limiter) good(n int) error {
	l.acquire()
	defer l.release()
	if n > 10 {
		return errBad
	}
	return try(n)
}

// all waits for all others by taking every place.
func (l *limiter) all(ns []int) {
	for _, n := range ns {
		l.acquire()
		go func() {
			defer l.release()
			fmt.Println(n)
		}()
	}
	for range cap(l.places) {
		l.acquire()
	}
}

// A place that is given to the caller, who gives it back.
type gate struct{ places chan struct{} }

func newGate() *gate { return &gate{make(chan struct{}, 4)} }

func (g *gate) enter(n int) bool {
	g.places <- struct{}{}
	if n == 0 {
		<-g.places
		return false
	}
	return true
}

func (g *gate) pass(n int) {
	if g.enter(n) {
		fmt.Println(n)
		<-g.places
	}
}

// A signal is no semaphore: somebody else waits for it.
type bell struct{ rings chan struct{} }

func newBell() *bell { return &bell{make(chan struct{}, 1)} }

func (b *bell) ring(n int) {
	b.rings <- struct{}{}
	if n > 1 {
		return
	}
	<-b.rings
}

func (b *bell) hear() { <-b.rings }

func Ring() {
	b := newBell()
	go b.hear()
	b.ring(2)
	newLimiter(3).all(nil)
	newLimiter(3).handle(1)
	newLimiter(3).good(1)
	newGate().pass(1)
	start("a")
	startCareful(context.Background())
	new(relay).all()
	new(some).all()
	new(later).all()
	new(crawler).crawl(nil)
}

// Workers are done with each item, however many workers there are: one that gets no
// item owes nothing.
func shared(items []int, workers int) {
	var done sync.WaitGroup
	work := make(chan int)
	done.Add(len(items))
	for range workers {
		go func() {
			for item := range work {
				fmt.Println(try(item))
				done.Done()
			}
		}()
	}
	for _, item := range items {
		work <- item
	}
	close(work)
	done.Wait()
}

// A worker that polls owes a Done for what it gets.
func polled(items []int, stop chan struct{}) {
	var done sync.WaitGroup
	work := make(chan int, len(items))
	done.Add(len(items))
	go func() {
		for {
			select {
			case item := <-work:
				fmt.Println(item)
				done.Done()
			case <-stop:
				return
			}
		}
	}()
	for _, item := range items {
		work <- item
	}
	done.Wait()
}
