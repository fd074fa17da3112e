package contract

import (
	"context"
	"errors"
	"time"

	"life"
)

func nextBeat() time.Time {
	beats, _ := life.Beats(time.Second) // want `Beats starts a goroutine that ends only after a call of the function that it returns: nextBeat returns at line \d+ without calling it, and nobody else can`
	return <-beats
}

func beatWithin(d time.Duration) error {
	beats, stop := life.Beats(time.Second) // want `Beats starts a goroutine that ends only after a call of the function that it returns: beatWithin returns at line \d+ without`
	select {
	case <-beats:
		stop()
		return nil
	case <-time.After(d):
		return errors.New("no beat")
	}
}

func nextChange(path string) (string, error) {
	changes, _, err := life.Changes(context.Background(), path) // want `Changes starts a goroutine that ends only after a call of`
	if err != nil {
		return "", err
	}
	return <-changes, nil
}

// pulse hands on what it has got.
func pulse() (<-chan time.Time, func()) { // want pulse:`starts a goroutine that result 1 ends`
	return life.Beats(time.Millisecond)
}

func oneOf(ticks <-chan int) {
	beats, stop := pulse() // want `pulse starts a goroutine that ends only after a call of`
	for range ticks {
		if b := <-beats; b.IsZero() {
			return
		}
	}
	stop()
}

func once(f func(), done <-chan struct{}, wait bool) {
	stop := life.Refresh(f) // want `Refresh starts a goroutine that ends only after`
	if !wait {
		return
	}
	<-done
	stop()
}

// None of these forgets it.

func beatWithinWell(d time.Duration) error {
	beats, stop := life.Beats(time.Second)
	defer stop()
	select {
	case <-beats:
		return nil
	case <-time.After(d):
		return errors.New("no beat")
	}
}

func nextChangeUntil(ctx context.Context, path string) (string, error) {
	changes, _, err := life.Changes(ctx, path)
	if err != nil {
		return "", err
	}
	return <-changes, nil
}

type heart struct {
	beats <-chan time.Time
	stop  func()
}

func newHeart() *heart {
	h := new(heart)
	h.beats, h.stop = life.Beats(time.Second)
	return h
}

// A service that is refreshed for as long as the program runs.
func keepFresh(f func()) {
	life.Refresh(f)
	f()
}

// The goroutine goes on on purpose: the channel is kept.
func forever() <-chan time.Time {
	beats, _ := life.Beats(time.Hour)
	return beats
}

func watchedFirst() time.Time {
	beats, _ := life.Watched(time.Second)
	return <-beats
}

func allOf(n int) (sum int) {
	c, _ := life.Countdown(n)
	for i := range c {
		sum += i
	}
	return sum
}

func stoppedLater(after time.Duration) time.Time {
	beats, stop := life.Beats(time.Second)
	time.AfterFunc(after, stop)
	return <-beats
}

func stoppedByOther() time.Time {
	beats, stop := life.Beats(time.Second)
	go func() {
		time.Sleep(time.Minute)
		stop()
	}()
	return <-beats
}
