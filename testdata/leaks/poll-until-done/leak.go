//go:build ignore

// The wait is given a channel that it closes on timeout only, and who polls with
// it goes on waiting for that channel after success.
//
// leak: lostgoroutine lost-signal: reported with -all

package main

import (
	"errors"
	"time"
)

type condition func() (bool, error)

// A ticking channel gives a tick until done is closed.
type waiter func(done <-chan struct{}) <-chan struct{}

var errTimeout = errors.New("timed out")

func poller(interval, timeout time.Duration) waiter {
	return func(done <-chan struct{}) <-chan struct{} {
		ticks := make(chan struct{})
		go func() {
			defer close(ticks)
			tick := time.NewTicker(interval)
			defer tick.Stop()
			after := time.After(timeout)
			for {
				select {
				case <-tick.C:
					select {
					case ticks <- struct{}{}:
					default:
					}
				case <-after:
					return
				case <-done:
					return
				}
			}
		}()
		return ticks
	}
}

func waitFor(wait waiter, ok condition) error {
	done := make(chan struct{})
	for range wait(done) {
		if met, err := ok(); err != nil || met {
			return err
		}
	}
	close(done)
	return errTimeout
}

type probe struct{ polls int }

func (p *probe) ready() (bool, error) {
	p.polls++
	return p.polls > 2, nil
}

func run() {
	p := &probe{}
	watch := func(done <-chan struct{}) <-chan struct{} {
		go func() {
			<-done
			p.polls = 0
		}()
		return poller(100*time.Microsecond, 20*time.Millisecond)(done)
	}
	waitFor(watch, p.ready)
}
