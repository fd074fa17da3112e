//go:build ignore

// The cursor keeps the cancel of its context in a field, and only the goroutine
// that waits for this very context would call it.
//
// leak: lostgoroutine contract: reported as lostgoroutine no-exit

package main

import (
	"context"
	"sync"
)

// A cursor walks over the rows of a page file.
type cursor struct {
	cancel  context.CancelFunc
	closeMu sync.Mutex
	lastErr error
	rows    []string
}

func (c *cursor) watch(ctx context.Context) {
	ctx, c.cancel = context.WithCancel(ctx)
	go c.awaitDone(ctx)
}

func (c *cursor) awaitDone(ctx context.Context) {
	<-ctx.Done()
	c.close(ctx.Err())
}

func (c *cursor) close(err error) {
	c.closeMu.Lock()
	defer c.closeMu.Unlock()
	if c.lastErr == nil {
		c.lastErr = err
	}
	c.cancel()
}

func (c *cursor) Next() (string, bool) {
	if len(c.rows) == 0 {
		return "", false
	}
	row := c.rows[0]
	c.rows = c.rows[1:]
	return row, true
}

func count(ctx context.Context, rows []string) (n int) {
	c := &cursor{rows: rows}
	c.watch(ctx)
	for {
		if _, ok := c.Next(); !ok {
			return n
		}
		n++
	}
}

func run() { count(context.Background(), []string{"a", "b"}) }
