//go:build ignore

// Dial returns the connection, and closes it itself if the caller has given up.

package main

import (
	"context"
	"time"
)

type conn struct {
	ctx    context.Context
	cancel context.CancelFunc
	links  []*link
}

func (c *conn) Close() {
	c.cancel()
	links := c.links
	c.links = nil
	for _, l := range links {
		l.tearDown()
	}
}

func (c *conn) connect() {
	l := &link{conn: c}
	l.ctx, l.cancel = context.WithCancel(c.ctx)
	c.links = append(c.links, l)
	go l.reset()
}

type link struct {
	conn   *conn
	ctx    context.Context
	cancel context.CancelFunc
	tries  int
}

func (l *link) reset() {
	for l.tries < 2 {
		l.tries++
		select {
		case <-time.After(10 * time.Microsecond):
		case <-l.ctx.Done():
			return
		}
	}
	<-l.ctx.Done() // connected
}

func (l *link) tearDown() { l.cancel() }

func dial(ctx context.Context) (c *conn, err error) {
	opened := &conn{}
	opened.ctx, opened.cancel = context.WithCancel(context.Background())
	defer func() {
		if ctx.Err() != nil && c != nil {
			c.Close()
			c, err = nil, ctx.Err()
		}
	}()
	opened.connect()
	return opened, nil
}

func run() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if c, err := dial(ctx); err == nil && c != nil {
		c.Close()
	}
}
