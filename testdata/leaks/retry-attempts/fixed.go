//go:build ignore

// An attempt has a context of its own and gives up with it.

package main

import (
	"context"
	"errors"
	"time"
)

var errSlow = errors.New("too slow")

type dialer struct {
	delays []time.Duration // of each attempt
	tries  int
}

func (d *dialer) dial(addr string, try int) (string, error) {
	time.Sleep(d.delays[min(try, len(d.delays)-1)])
	return "connection to " + addr, nil
}

func (d *dialer) attempt(ctx context.Context, addr string, limit time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	d.tries++
	connected := make(chan string)
	failed := make(chan error)
	go func(try int) {
		conn, err := d.dial(addr, try)
		if err != nil {
			select {
			case failed <- err:
			case <-ctx.Done():
			}
			return
		}
		select {
		case connected <- conn:
		case <-ctx.Done():
		}
	}(d.tries - 1)
	select {
	case conn := <-connected:
		return conn, nil
	case err := <-failed:
		return "", err
	case <-ctx.Done():
		return "", errSlow
	}
}

// Dial tries up to n times.
func (d *dialer) Dial(ctx context.Context, addr string, n int) (conn string, err error) {
	for range n {
		if err = ctx.Err(); err != nil {
			return "", err
		}
		conn, err = d.attempt(ctx, addr, time.Millisecond)
		if !errors.Is(err, errSlow) {
			return conn, err
		}
	}
	return conn, err
}

func run() {
	d := &dialer{delays: []time.Duration{4 * time.Millisecond, 4 * time.Millisecond, 0}}
	d.Dial(context.Background(), "db:5432", 3)
}
