// Package lent hands channels and wait groups to functions of another package.
package lent

import (
	"context"
	"sync"
	"time"

	"given"
)

func first(ctx context.Context) (int, error) {
	out := make(chan int)
	go given.Answer(out, 2) // want `the goroutine that runs Answer blocks forever when the select at line \d+ takes another case: it sends to a channel from which nobody receives, and it has no buffer`
	select {
	case n := <-out:
		return n, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func firstWithRoom(ctx context.Context) (int, error) {
	out := make(chan int, 1)
	go given.Answer(out, 2)
	select {
	case n := <-out:
		return n, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// The goroutine sends, and who waits for it receives only then.
func waitsFirst() int {
	var wg sync.WaitGroup
	out := make(chan int)
	wg.Add(1)
	go given.Worker(&wg, out) // want `the goroutine that runs Worker blocks forever while waitsFirst waits at line \d+: it sends to a channel from which nobody receives`
	wg.Wait()
	return <-out
}

func receivesFirst() int {
	var wg sync.WaitGroup
	out := make(chan int)
	wg.Add(1)
	go given.Worker(&wg, out)
	n := <-out
	wg.Wait()
	return n
}

func signalled() {
	done := make(chan struct{})
	go func() {
		time.Sleep(time.Second)
		close(done)
	}()
	given.Await(done)
}

// Produce does not close what it is given.
func all(ctx context.Context) (sum int) {
	out := make(chan int)
	go given.Produce(ctx, out, 9)
	for n := range out { // want `this range never ends: nothing closes out`
		sum += n
	}
	return sum
}

func allClosed(ctx context.Context) (sum int) {
	out := make(chan int)
	go func() {
		defer close(out)
		given.Produce(ctx, out, 9)
	}()
	for n := range out {
		sum += n
	}
	return sum
}

// Feed does.
func fed() (sum int) {
	out := make(chan int)
	go given.Feed(out, 9)
	for n := range out {
		sum += n
	}
	return sum
}

// Who keeps a channel may do anything.
func keeps() int {
	out := make(chan int)
	given.Keep(out)
	return <-out
}

func hands(f func(chan int)) int {
	out := make(chan int)
	given.Hand(out, f)
	return <-out
}

func asks() int {
	out := make(chan int, 2)
	if given.Room(out) > 0 {
		out <- 1
	}
	return <-out
}

func perhaps(n int) int {
	out := make(chan int, 1)
	given.Perhaps(out, n)
	return <-out
}

// A method value has no receiver among its arguments.
func shuts() int {
	line := make(given.Line)
	shut := line.Shut
	go func() {
		shut()
	}()
	return <-line
}

func puts() int {
	line := make(given.Line)
	put := line.Put
	go put(1)
	return <-line
}

// The wait is elsewhere.
func joins(skip bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if skip {
			return
		}
		wg.Done()
	}()
	given.Join(&wg) // want `this call of Join never returns when the goroutine started at line \d+ returns at line \d+: not every Add is matched by a Done`
}
