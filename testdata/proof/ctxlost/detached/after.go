//go:build ignore

// proof: behaviour

package main

import (
	"context"
	"errors"
	"fmt"
)

type store struct{ written int }

func (s *store) insert(ctx context.Context, row int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.written++
	return nil
}

func (s *store) load(ctx context.Context, rows []int) error {
	for _, row := range rows {
		if err := s.insert(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

func run() string {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := new(store)
	if err := s.load(ctx, []int{1, 2, 3}); !errors.Is(err, context.Canceled) {
		return fmt.Sprintf("bad: %d rows written for a caller that has given up", s.written)
	}
	return "ok"
}
