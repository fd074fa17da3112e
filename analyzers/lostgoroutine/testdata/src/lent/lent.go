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

// What the store says ends the loop, while Feed goes on.
func stored(put func(int) error) error {
	out := make(chan int)
	go given.Feed(out, 9) // want `the goroutine that runs Feed blocks forever once stored has returned at line \d+ with values left: it sends to a channel from which nobody else receives, and it has no buffer`
	for n := range out {
		if err := put(n); err != nil {
			return err
		}
	}
	return nil
}

func storedDeep(put func(int) error) error {
	out := make(chan int)
	errs := make(chan error, 1)
	go given.Search(9, out, errs) // want `the goroutine that runs Search blocks forever once storedDeep has returned`
	for n := range out {
		if err := put(n); err != nil {
			return err
		}
	}
	return <-errs
}

// Who gets the rest is not left behind.
func storedAll(put func(int) error) (err error) {
	out := make(chan int)
	go given.Feed(out, 9)
	for n := range out {
		if err == nil {
			err = put(n)
		}
	}
	return err
}

func storedDrained(put func(int) error) error {
	out := make(chan int)
	go given.Feed(out, 9)
	for n := range out {
		if err := put(n); err != nil {
			go func() {
				for range out {
				}
			}()
			return err
		}
	}
	return nil
}

// Produce gives up with the context.
func storedUnder(ctx context.Context, put func(int) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := make(chan int)
	go given.Until(ctx, out, 9)
	for n := range out {
		if err := put(n); err != nil {
			return err
		}
	}
	return nil
}

// A message that says so is the last.
func lastOfAll() (sum int, err error) {
	out := make(chan given.Item)
	go given.Items(out)
	for it := range out {
		if it.Err != nil {
			return 0, it.Err
		}
		sum += it.N
	}
	return sum, nil
}

// What a function says of the message does, too.
func lastByKind() (sum int) {
	out := make(chan given.Item)
	go given.Items(out)
	for it := range out {
		if it.Failed() {
			return -1
		}
		if weight(it) == 0 {
			return sum
		}
		sum += it.N
	}
	return sum
}

func weight(it given.Item) int { return it.N }

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
