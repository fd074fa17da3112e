//go:build ignore

// The debouncer drains the channel of its timer after a Stop that came too late,
// but the loop has taken that tick already.
//
// leak: losttimer stop-drain: reported

package main

import (
	"context"
	"sync"
	"time"
)

type task struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func newTask() *task {
	t := &task{}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t
}

func (t *task) Start(f func(context.Context)) { go f(t.ctx) }
func (t *task) Stop()                         { t.cancel() }

// A debouncer publishes when there was no change for a while.
type debouncer struct {
	mu        sync.Mutex
	timer     *time.Timer
	wait      time.Duration
	reset     chan struct{}
	task      *task
	publish   func()
	published int
}

func (d *debouncer) OnChange() {
	d.mu.Lock()
	if d.timer != nil {
		d.mu.Unlock()
		select {
		case d.reset <- struct{}{}:
		default: // a reset is pending already
		}
		return
	}
	d.start()
	d.mu.Unlock()
}

func (d *debouncer) start() {
	d.timer = time.NewTimer(d.wait)
	d.task.Start(func(ctx context.Context) {
		for {
			select {
			case <-d.timer.C:
				d.published++
			case <-d.reset:
				if !d.timer.Stop() {
					<-d.timer.C
				}
				d.timer.Reset(d.wait)
			case <-ctx.Done():
				d.timer.Stop()
				return
			}
		}
	})
}

func (d *debouncer) Close() { d.task.Stop() }

func run() {
	d := &debouncer{wait: 50 * time.Microsecond, reset: make(chan struct{}, 1), task: newTask()}
	for range 5 {
		d.OnChange()
		time.Sleep(time.Millisecond)
	}
	d.Close()
}
