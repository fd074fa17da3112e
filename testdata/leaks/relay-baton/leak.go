//go:build ignore

// A follower waits for the baton of the leader with the lock held that the
// leader needs to pass it on.
//
// leak: stucklock blocked-holding: not reported

package main

import "sync"

type runner struct {
	lap     int
	prepare func()
	finish  func()
}

func relay(n, laps int) {
	runners := make([]runner, n)
	next := make(chan struct{})
	for i := range runners {
		var mine chan struct{}
		runners[i].prepare = func() { mine = next }
		runners[i].finish = func() {
			if i == 0 { // the first one leads
				close(next)
				next = make(chan struct{})
			}
			<-mine
		}
	}
	race(runners, laps)
}

func race(runners []runner, laps int) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range runners {
		r := &runners[i]
		all.Go(func() {
			for ; r.lap < laps; r.lap++ {
				mu.Lock()
				r.prepare()
				mu.Unlock()
				mu.Lock()
				r.finish()
				mu.Unlock()
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
