//go:build ignore

// Whoever has a match closes stop, which all senders look at.

package main

import "sync"

type match struct{ shard, row int }

func scan(stop <-chan struct{}, shard, rows int) <-chan match {
	out := make(chan match)
	go func() {
		defer close(out)
		for row := range rows {
			select {
			case out <- match{shard, row}:
			case <-stop:
				return
			}
		}
	}()
	return out
}

func merge(stop <-chan struct{}, ins ...<-chan match) <-chan match {
	out := make(chan match)
	var open sync.WaitGroup
	for _, in := range ins {
		open.Add(1)
		go func() {
			defer open.Done()
			for m := range in {
				select {
				case out <- m:
				case <-stop:
					return
				}
			}
		}()
	}
	go func() {
		open.Wait()
		close(out)
	}()
	return out
}

// find returns the first match at or behind a row.
func find(row int) (match, bool) {
	stop := make(chan struct{})
	defer close(stop)
	for m := range merge(stop, scan(stop, 1, 10), scan(stop, 2, 10), scan(stop, 3, 10)) {
		if m.row >= row {
			return m, true
		}
	}
	return match{}, false
}

func run() { find(3) }
