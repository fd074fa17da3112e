// Package medium holds what is reported only with -all.
package medium

import (
	"context"
	"log"
)

type user struct{}

type repo interface {
	Find(ctx context.Context, id int) (*user, error)
	StartSync(ctx context.Context) error
}

func async(ctx context.Context, r repo) {
	go func() {
		if _, err := r.Find(context.Background(), 1); err != nil { // want `r.Find goes on`
			log.Print(err)
		}
	}()
}

func New(ctx context.Context, r repo) (*user, error) {
	return r.Find(context.Background(), 1) // want `r.Find goes on`
}

func begin(ctx context.Context, r repo) error {
	return r.StartSync(context.Background()) // want `r.StartSync goes on`
}

func jobs(ctx context.Context, r repo, in <-chan int) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case id := <-in:
			if _, err := r.Find(context.Background(), id); err != nil { // want `r.Find goes on`
				return err
			}
		}
	}
}

type idKey struct{}

func idOf(ctx context.Context) any { return ctx.Value(idKey{}) }

func values(ctx context.Context, r repo) error {
	id := idOf(ctx)
	_, err := r.Find(context.WithValue(context.Background(), idKey{}, id), 1) // want `r.Find goes on`
	return err
}
