//go:build ignore

// All uploaders of a group give up at their first error, and whoever hands out
// the parts waits for one to take the next.
//
// leak: lostgoroutine lost-signal: reported as lostgoroutine partner-exits

package main

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"
)

type bucket struct{ quota int }

var errQuota = errors.New("quota exceeded")

func (b *bucket) put(part []byte) error {
	if len(part) > b.quota {
		return errQuota
	}
	return nil
}

// upload sends the parts of a file by several connections.
func upload(ctx context.Context, b *bucket, file []byte, size int) error {
	parts := make(chan []byte)
	g, _ := errgroup.WithContext(ctx)
	for range 3 {
		g.Go(func() error {
			for part := range parts {
				if err := b.put(part); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for len(file) > 0 {
		n := min(size, len(file))
		parts <- file[:n]
		file = file[n:]
	}
	close(parts)
	return g.Wait()
}

func run() {
	go upload(context.Background(), &bucket{quota: 10}, make([]byte, 1000), 100)
}
