package a

import (
	"sync"
	"time"
)

// An alarm calls a function when it is time.
type alarm struct {
	timer *time.Timer
	rung  chan struct{}
}

func newAlarm(d time.Duration) *alarm {
	a := &alarm{rung: make(chan struct{}, 1)}
	a.timer = time.AfterFunc(d, func() {
		select {
		case a.rung <- struct{}{}:
		default:
		}
	})
	return a
}

func (a *alarm) later(d time.Duration) {
	if !a.timer.Stop() {
		<-a.timer.C // want `this receive blocks forever: the timer comes from AfterFunc at line 16, which calls a function, and a.timer.C is nil`
	}
	a.timer.Reset(d)
}

func (a *alarm) laterWell(d time.Duration) {
	a.timer.Stop()
	a.timer.Reset(d)
}

func atOnce(f func()) {
	var mu sync.Mutex
	t := time.AfterFunc(time.Second, func() {
		mu.Lock()
		f()
		mu.Unlock()
	})
	defer func() {
		if !t.Stop() {
			<-t.C // want `this receive blocks forever: the timer comes from AfterFunc at line 39`
		}
	}()
	f()
}

// A timer of either kind.
type either struct{ t *time.Timer }

func (e *either) call(f func()) { e.t = time.AfterFunc(time.Second, f) }

func (e *either) start() { e.t = time.NewTimer(time.Second) }

func (e *either) wait() { <-e.t.C }

// Others may put any timer into it.
type open struct{ T *time.Timer }

func newOpen(f func()) *open { return &open{time.AfterFunc(time.Second, f)} }

func (o *open) wait() { <-o.T.C }

// What does not wait is no matter.
func poll(f func()) bool {
	t := time.AfterFunc(time.Second, f)
	select {
	case <-t.C:
		return true
	default:
		return false
	}
}

// Who gets the address of a timer may put another one there.
type lentTimer struct{ t *time.Timer }

func renew(t **time.Timer) { *t = time.NewTimer(time.Second) }

func (l *lentTimer) wait(f func()) {
	l.t = time.AfterFunc(time.Second, f)
	l.t.Stop()
	renew(&l.t)
	<-l.t.C
}

func lend(f func()) {
	t := time.AfterFunc(time.Second, f)
	t.Stop()
	renew(&t)
	<-t.C
}
