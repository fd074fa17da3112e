//go:build ignore

// A monitor that is stopped while a probe runs leaves without its result.
//
// leak: lostgoroutine abandoned-send: reported

package main

import (
	"context"
	"time"
)

type prober interface {
	Run(ctx context.Context) error
}

type slowProbe struct{}

func (slowProbe) Run(ctx context.Context) error {
	select {
	case <-time.After(2 * time.Millisecond):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

type health struct{ failures, successes int }

func (h *health) add(err error) {
	if err != nil {
		h.failures++
	} else {
		h.successes++
	}
}

func monitor(p prober, h *health, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case <-time.After(100 * time.Microsecond):
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			results := make(chan error)
			go func() {
				results <- p.Run(ctx)
				close(results)
			}()
			select {
			case <-stop:
				cancel()
				return
			case err := <-results:
				cancel()
				h.add(err)
			case <-ctx.Done():
				cancel()
				<-results
				h.add(ctx.Err())
			}
		}
	}
}

func run() {
	stop := make(chan struct{})
	go monitor(slowProbe{}, &health{}, stop)
	time.Sleep(time.Millisecond)
	close(stop)
}
