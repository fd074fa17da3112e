//go:build ignore

// A caller that is cancelled leaves a goroutine behind that takes the remaining
// acknowledgements, and whoever sends them gives up on the same context.
//
// leak: lostgoroutine partner-exits: reported with -all

package main

import "context"

type replica struct{ acks chan uint64 }

type quorum struct{ replicas []*replica }

func newQuorum(n int) *quorum {
	q := &quorum{}
	for range n {
		q.replicas = append(q.replicas, &replica{acks: make(chan uint64)})
	}
	return q
}

// Await returns when all replicas have the entry.
func (q *quorum) Await(ctx context.Context) error {
	for i, r := range q.replicas {
		select {
		case <-r.acks:
		case <-ctx.Done():
			go func() {
				for _, late := range q.replicas[i:] {
					<-late.acks
				}
			}()
			return ctx.Err()
		}
	}
	return nil
}

func (q *quorum) confirm(ctx context.Context, index uint64) {
	for _, r := range q.replicas {
		select {
		case r.acks <- index:
		case <-ctx.Done():
			return
		}
	}
}

func run() {
	for range 20 {
		q := newQuorum(3)
		ctx, cancel := context.WithCancel(context.Background())
		go q.confirm(ctx, 7)
		go cancel()
		q.Await(ctx)
	}
}
