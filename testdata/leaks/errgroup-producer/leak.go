//go:build ignore

// A consumer that fails ends the group's context, and the producer sends without
// looking at it: Wait never returns.
//
// leak: lostgoroutine abandoned-send: reported

package main

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
)

type record struct{ id int }

type table struct{ rows map[int]bool }

func (t *table) insert(r record) error {
	if t.rows[r.id] {
		return fmt.Errorf("record %d is there already", r.id)
	}
	t.rows[r.id] = true
	return nil
}

// copyAll copies records into the table.
func copyAll(ctx context.Context, ids []int, t *table) error {
	g, ctx := errgroup.WithContext(ctx)
	records := make(chan record)
	g.Go(func() error {
		defer close(records)
		for _, id := range ids {
			records <- record{id}
		}
		return ctx.Err()
	})
	g.Go(func() error {
		for r := range records {
			if err := t.insert(r); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

func run() { copyAll(context.Background(), []int{1, 2, 2, 3, 4}, &table{rows: make(map[int]bool)}) }
