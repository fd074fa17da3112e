//go:build ignore

// Without a channel there is no notice.

package main

import "time"

type options struct {
	name   string
	notify chan<- string // optional
}

type runner struct{ results map[string]time.Duration }

func (r *runner) start(o options, f func()) <-chan struct{} {
	over := make(chan struct{})
	go func() {
		defer close(over)
		begin := time.Now()
		f()
		r.results[o.name] = time.Since(begin)
		if o.notify != nil {
			o.notify <- o.name
		}
	}()
	return over
}

func backup(r *runner, limit time.Duration) bool {
	over := r.start(options{name: "backup"}, func() { time.Sleep(100 * time.Microsecond) })
	select {
	case <-over:
		return true
	case <-time.After(limit):
		return false
	}
}

func verified(r *runner) string {
	notify := make(chan string, 1)
	<-r.start(options{name: "verify", notify: notify}, func() {})
	return <-notify
}

func run() {
	r := &runner{results: make(map[string]time.Duration)}
	verified(r)
	backup(r, 5*time.Millisecond)
}
