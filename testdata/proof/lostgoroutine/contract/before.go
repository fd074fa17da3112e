//go:build ignore

// proof: leak

package main

import (
	"context"
	"errors"
)

type poller struct{ cancel context.CancelFunc }

func newPoller() *poller {
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-ctx.Done() }()
	return &poller{cancel}
}

func (p *poller) stop() { p.cancel() }

func poll(name string) error {
	p := newPoller()
	if name == "" {
		return errors.New("no name")
	}
	p.stop()
	return nil
}

func run() { poll("") }
