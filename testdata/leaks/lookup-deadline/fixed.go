//go:build ignore

// The goroutine gives up with the caller.

package main

import (
	"context"
	"time"
)

type answer struct {
	addrs []string
	err   error
}

// A resolver looks names up in a table that is slow to load.
type resolver struct {
	table map[string][]string
	load  time.Duration
}

func (r *resolver) query(name string) answer {
	time.Sleep(r.load)
	return answer{addrs: r.table[name]}
}

func (r *resolver) Lookup(ctx context.Context, name string) ([]string, error) {
	ch := make(chan answer)
	go func() {
		select {
		case ch <- r.query(name):
		case <-ctx.Done():
		}
	}()
	select {
	case a := <-ch:
		return a.addrs, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func run() {
	r := &resolver{table: map[string][]string{"db": {"10.0.0.1"}}, load: 5 * time.Millisecond}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	r.Lookup(ctx, "db")
}
