//go:build ignore

// proof: behaviour cancel-field

package main

import (
	"context"
	"fmt"
	"time"
)

type host struct{ alive *int }

func (h host) ping(ctx context.Context) {
	*h.alive++
	context.AfterFunc(ctx, func() { done <- struct{}{} })
}

var done = make(chan struct{}, 100)

// pingAll returns how many contexts were still there after the last ping.
func pingAll(ctx context.Context, hosts []host) int {
	for _, h := range hosts {
		c, cancel := context.WithTimeout(ctx, time.Minute)
		h.ping(c)
		cancel()
	}
	time.Sleep(20 * time.Millisecond)
	return *hosts[0].alive - len(done)
}

func run() string {
	n := 0
	hosts := make([]host, 50)
	for i := range hosts {
		hosts[i] = host{&n}
	}
	if left := pingAll(context.Background(), hosts); left > 0 {
		return fmt.Sprintf("bad: %d contexts with their timers are kept", left)
	}
	return "ok"
}
