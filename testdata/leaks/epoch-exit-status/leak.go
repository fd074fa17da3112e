//go:build ignore

// Each epoch sends its exit status, and the agent that takes them has returned
// with its context.
//
// leak: lostgoroutine partner-exits: reported with -all

package main

import (
	"context"
	"sync"
	"time"
)

type proxy interface {
	Live() bool
	Serve(ctx context.Context, epoch int) error
}

type fakeProxy struct{ live bool }

func (p fakeProxy) Live() bool { return p.live }

func (p fakeProxy) Serve(ctx context.Context, epoch int) error {
	<-ctx.Done()
	return ctx.Err()
}

type exit struct {
	epoch int
	err   error
}

type agent struct {
	proxy    proxy
	mu       sync.Mutex
	statusCh chan exit
	epoch    int
	active   map[int]bool
}

func (a *agent) Run(ctx context.Context) {
	for {
		select {
		case st := <-a.statusCh:
			a.mu.Lock()
			delete(a.active, st.epoch)
			left := len(a.active)
			a.mu.Unlock()
			if left == 0 {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// Restart starts one more epoch.
func (a *agent) Restart(ctx context.Context) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waitLive()
	a.epoch++
	a.active[a.epoch] = true
	go a.serve(ctx, a.epoch)
}

func (a *agent) serve(ctx context.Context, epoch int) {
	err := a.proxy.Serve(ctx, epoch)
	a.statusCh <- exit{epoch, err}
}

func (a *agent) waitLive() {
	if len(a.active) == 0 {
		return
	}
	deadline := time.After(time.Millisecond)
	tick := time.NewTicker(100 * time.Microsecond)
	defer tick.Stop()
	for !a.proxy.Live() {
		select {
		case <-deadline:
			return
		case <-tick.C:
		}
	}
}

func run() {
	ctx, cancel := context.WithCancel(context.Background())
	a := &agent{proxy: fakeProxy{}, statusCh: make(chan exit), active: make(map[int]bool)}
	go a.Run(ctx)
	for range 3 {
		a.Restart(ctx)
	}
	cancel()
}
