//go:build ignore

// Followers wait with the lock released, and the end of the race wakes them, too.

package main

import "sync"

type runner struct {
	lap     int
	prepare func()
	finish  func()
	wait    func()
}

func relay(n, laps int) {
	runners := make([]runner, n)
	next := make(chan struct{})
	over := make(chan struct{})
	for i := range runners {
		var mine chan struct{}
		runners[i].prepare = func() { mine = next }
		runners[i].finish = func() {
			if i == 0 { // the first one leads
				close(next)
				next = make(chan struct{})
			}
		}
		runners[i].wait = func() {
			select {
			case <-mine:
			case <-over:
			}
		}
	}
	race(runners, laps, over)
}

func race(runners []runner, laps int, over chan struct{}) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range runners {
		r := &runners[i]
		all.Go(func() {
			if i == 0 {
				defer close(over)
			}
			for ; r.lap < laps; r.lap++ {
				mu.Lock()
				r.prepare()
				mu.Unlock()
				mu.Lock()
				r.finish()
				mu.Unlock()
				r.wait()
			}
		})
	}
	all.Wait()
}

func run() {
	for range 10 {
		go relay(3, 100)
	}
}
