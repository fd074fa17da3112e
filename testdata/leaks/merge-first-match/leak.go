//go:build ignore

// The first match of several shards is enough, and the others go on to send
// theirs to a merge that nobody reads.
//
// leak: lostgoroutine abandoned-send: reported as lostgoroutine partner-exits with -all

package main

import "sync"

type match struct{ shard, row int }

func scan(shard, rows int) <-chan match {
	out := make(chan match)
	go func() {
		defer close(out)
		for row := range rows {
			out <- match{shard, row}
		}
	}()
	return out
}

func merge(ins ...<-chan match) <-chan match {
	out := make(chan match)
	var open sync.WaitGroup
	for _, in := range ins {
		open.Add(1)
		go func() {
			defer open.Done()
			for m := range in {
				out <- m
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
	for m := range merge(scan(1, 10), scan(2, 10), scan(3, 10)) {
		if m.row >= row {
			return m, true
		}
	}
	return match{}, false
}

func run() { find(3) }
