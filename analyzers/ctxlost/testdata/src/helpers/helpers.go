// Package helpers starts goroutines for others.
package helpers

import (
	"context"
	"log"
	"sync"
)

type Pool struct{ wg sync.WaitGroup }

// Async runs f in the background.
func (p *Pool) Async(f func()) { // want Async:`starts calls\[0\] works\[\]`
	p.wg.Add(1)
	go func() {
		defer p.wg.Done()
		defer func() {
			if e := recover(); e != nil {
				log.Print(e)
			}
		}()
		f()
	}()
}

// Do runs f and waits for it.
func (p *Pool) Do(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

// Later runs f in the background.
func (p *Pool) Later(f func()) { // want Later:`starts calls\[0\] works\[\]`
	p.wg.Go(f)
}

// Logged runs f in the background, and tells when it is done.
func (p *Pool) Logged(f func()) { // want Logged:`starts calls\[0\] works\[\]`
	p.wg.Go(func() {
		f()
		log.Print("done")
	})
}

// Both runs f and g at once.
func Both(f, g func()) {
	var wg sync.WaitGroup
	wg.Go(f)
	wg.Go(g)
	wg.Wait()
}

// In runs f in a group of the caller's.
func In(wg *sync.WaitGroup, f func()) { wg.Go(f) }

type Mailer interface {
	Send(ctx context.Context, to string) error
}

// Notify sends in the background.
func Notify(ctx context.Context, m Mailer, to string) { // want Notify:`starts calls\[\] works\[0\]`
	go func() {
		if err := m.Send(ctx, to); err != nil {
			log.Print(err)
		}
	}()
}

// Watch watches until ctx ends.
func Watch(ctx context.Context, m Mailer) {
	go func() {
		<-ctx.Done()
		m.Send(context.Background(), "bye")
	}()
}
