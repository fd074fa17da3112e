package field

import (
	"container/list"
	"context"
	"errors"
	"log"
	"time"
)

type holder struct{ t *time.Timer }

func (h *holder) loop(in <-chan int) {
	for {
		select {
		case <-h.t.C:
		case <-in:
			if !h.t.Stop() {
				<-h.t.C // want `once the value of h.t.C has been taken at line 16`
			}
			h.t.Reset(time.Second)
		}
	}
}

func (h *holder) replaced(in <-chan int) {
	for {
		select {
		case <-h.t.C:
			h.t = time.NewTimer(time.Second)
		case <-in:
			if !h.t.Stop() {
				<-h.t.C
			}
		}
	}
}

type rotation struct {
	t    *time.Timer
	keys *list.List
}

func (r *rotation) start() { r.t = time.NewTimer(time.Second) }

func (r *rotation) next() error {
	if r.keys.Len() == 0 {
		return errors.New("no key")
	}
	r.keys.Remove(r.keys.Front())
	return nil
}

// After a failure the timer is not started again.
func (r *rotation) loop(done <-chan struct{}) {
	for {
		select {
		case <-r.t.C:
			if err := r.next(); err != nil {
				log.Print(err)
				continue
			}
			r.t.Reset(time.Second)
		case <-done:
			if !r.t.Stop() {
				<-r.t.C // want `once the value of r.t.C has been taken at line 58`
			}
			return
		}
	}
}

type callback struct {
	t    *time.Timer
	fail func() error
}

func (r *callback) start() { r.t = time.NewTimer(time.Second) }

// fail may call start.
func (r *callback) loopFail(done <-chan struct{}) {
	for {
		select {
		case <-r.t.C:
			if r.fail() != nil {
				continue
			}
			r.t.Reset(time.Second)
		case <-done:
			if !r.t.Stop() {
				<-r.t.C
			}
			return
		}
	}
}

// A pacer works until its context ends.
type pacer struct {
	timer *time.Timer
	reset chan struct{}
}

func (p *pacer) start() { p.timer = time.NewTimer(time.Second) }

func (p *pacer) loop(ctx context.Context) {
	for {
		select {
		case <-p.timer.C:
		case <-p.reset:
			if !p.timer.Stop() {
				<-p.timer.C // want `this receive blocks forever once the value of p.timer.C has been taken at line \d+: Stop returns false then, too`
			}
			p.timer.Reset(time.Second)
		case <-ctx.Done():
			return
		}
	}
}

// A counter keeps other things beside its timer.
type counter struct {
	n     int
	timer *time.Timer
	reset chan struct{}
}

func (c *counter) start() { c.timer = time.NewTimer(time.Second) }

func (c *counter) loop() {
	for {
		select {
		case <-c.timer.C:
			c.n++
		case <-c.reset:
			if !c.timer.Stop() {
				<-c.timer.C // want `this receive blocks forever once the value of c.timer.C has been taken at line \d+: Stop returns false then, too`
			}
			c.timer.Reset(time.Second)
		}
	}
}
