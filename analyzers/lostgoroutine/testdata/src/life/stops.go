package life

import (
	"context"
	"sync"
	"time"
)

// Beats delivers a beat until the function that it returns is called.
func Beats(every time.Duration) (<-chan time.Time, func()) { // want Beats:`starts a goroutine that result 1 ends`
	c := make(chan time.Time)
	over := make(chan struct{})
	go func() {
		for {
			select {
			case c <- time.Now():
				time.Sleep(every)
			case <-over:
				return
			}
		}
	}()
	return c, sync.OnceFunc(func() { close(over) })
}

// Changes reports changes of a file until ctx ends or the function is called.
func Changes(ctx context.Context, path string) (changes <-chan string, stop func(), err error) { // want Changes:`starts a goroutine that result 1 ends`
	if path == "" {
		return nil, nil, context.Canceled
	}
	ctx, cancel := context.WithCancel(ctx)
	c := make(chan string)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for {
			select {
			case c <- path:
			case <-ctx.Done():
				return
			}
		}
	}()
	return c, func() {
		cancel()
		wg.Wait()
	}, nil
}

// Refresh runs f again and again.
func Refresh(f func()) (stop func()) { // want Refresh:`starts a goroutine that result 0 ends`
	over := make(chan struct{})
	go func() {
		for {
			select {
			case <-over:
				return
			case <-time.After(time.Minute):
				f()
			}
		}
	}()
	return func() { over <- struct{}{} }
}

// Ends knows of all that must be ended in the end.
var Ends []func()

// Watched is like Beats, but somebody else ends it as well.
func Watched(every time.Duration) (<-chan time.Time, func()) {
	c := make(chan time.Time)
	over := make(chan struct{})
	go func() {
		for {
			select {
			case c <- time.Now():
				time.Sleep(every)
			case <-over:
				return
			}
		}
	}()
	stop := sync.OnceFunc(func() { close(over) })
	Ends = append(Ends, stop)
	return c, stop
}

// Countdown counts to n.
func Countdown(n int) (<-chan int, func()) {
	c := make(chan int)
	over := make(chan struct{})
	go func() {
		defer close(c)
		for i := range n {
			select {
			case c <- i:
			case <-over:
				return
			}
		}
	}()
	return c, func() { close(over) }
}
