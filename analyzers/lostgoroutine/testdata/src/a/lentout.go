package a

import (
	"context"
	"errors"
)

// Who is given the channel closes it, unless it fails before that: who gave it closes it then.

func count(n int, out chan<- int) error {
	if n < 0 {
		return errors.New("negative")
	}
	defer close(out)
	out <- n
	return nil
}

func counted(n int) error {
	out := make(chan int)
	go func() {
		for range out {
		}
	}()
	if err := count(n, out); err != nil {
		close(out)
		return err
	}
	return nil
}

func emit(ctx context.Context, out chan<- int) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	out <- 1
	close(out)
	return nil
}

func emitted(ctx context.Context) error {
	out := make(chan int)
	go func() {
		for range out {
		}
	}()
	if err := emit(ctx, out); err != nil {
		close(out)
		return err
	}
	return nil
}

func leftAlone(n int) error {
	out := make(chan int)
	go func() {
		for range out { // want `this range never ends when leftAlone returns`
		}
	}()
	return count(n, out)
}
