package after

import (
	"context"
	"time"
)

func idle(in <-chan int) {
	for {
		select {
		case <-in:
		case <-time.After(time.Minute): // want `time.After allocates 248 B in 3 objects for every message of in; one timer that is Reset before the select allocates nothing`
			return
		}
	}
}

func offer(out chan<- string, lines []string) {
	for _, line := range lines {
		select {
		case out <- line:
		case <-time.After(time.Second): // want `for every message of out`
			return
		}
	}
}

// Once.
func once(in <-chan int) int {
	select {
	case v := <-in:
		return v
	case <-time.After(time.Minute):
		return 0
	}
}

// A message ends the loop, so that only the clock repeats it.
func poll(in <-chan int) int {
	for {
		select {
		case v := <-in:
			return v
		case <-time.After(time.Second):
		}
	}
}

// Signals.
func retry(ctx context.Context, kick <-chan struct{}, errs <-chan error) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-kick:
		case <-errs:
		case <-time.After(time.Second):
		}
	}
}
