package watchdog

import (
	"context"
	"net"
	"time"
)

// idle closes the connection when nothing comes for a while.
func idle(conn net.Conn, d time.Duration, handle func([]byte) bool) error {
	t := time.AfterFunc(d, func() { conn.Close() }) // want `this timer is not stopped when this function returns at line \d+: its function runs all the same when the time is over, and what it refers to is kept until then; defer its Stop`
	buf := make([]byte, 512)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return err
		}
		if !handle(buf[:n]) {
			return nil
		}
		t.Reset(d)
	}
}

func deadline(conn net.Conn, d time.Duration) error {
	t := time.AfterFunc(d, func() { conn.Close() }) // want `this timer is not stopped when this function returns at line \d+: its function runs all the same when the time is over, and what it refers to is kept until then; defer its Stop`
	if _, err := conn.Write([]byte("hello")); err != nil {
		return err
	}
	t.Stop()
	return nil
}

func idleWell(conn net.Conn, d time.Duration) error {
	t := time.AfterFunc(d, func() { conn.Close() })
	defer t.Stop()
	buf := make([]byte, 512)
	for {
		if _, err := conn.Read(buf); err != nil {
			return err
		}
		t.Reset(d)
	}
}

// It is meant to fire.
func later(conn net.Conn, d time.Duration) { time.AfterFunc(d, func() { conn.Close() }) }

// To cancel what is over does no harm, and it may be over because of that.
func idleContext(ctx context.Context, in <-chan int, d time.Duration) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t := time.AfterFunc(d, cancel)
	for {
		select {
		case <-in:
			t.Reset(d)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func idleCause(ctx context.Context, in <-chan int, d time.Duration) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	t := time.AfterFunc(d, func() { cancel(context.DeadlineExceeded) })
	for {
		select {
		case <-in:
			t.Reset(d)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

type guard struct{ t *time.Timer }

// Others stop it.
func guarded(conn net.Conn, d time.Duration) *guard {
	t := time.AfterFunc(d, func() { conn.Close() })
	t.Reset(2 * d)
	return &guard{t}
}

func (g *guard) end() { g.t.Stop() }

// retry waits between two tries.
type retry struct {
	t    *time.Timer
	wait time.Duration
}

func (r *retry) pause(stop <-chan struct{}) (fired bool) {
	r.t.Reset(r.wait)
	select {
	case <-r.t.C:
		fired = true
	case <-stop:
	}
	r.end()
	return fired
}

func (r *retry) end() {
	if !r.t.Stop() {
		<-r.t.C // want `this receive blocks forever once the value of r.t.C has been taken at line \d+: Stop returns false then, too`
	}
}

// calm ends the wait only where it has not been read.
type calm struct {
	t    *time.Timer
	wait time.Duration
}

func (c *calm) pause(stop <-chan struct{}) bool {
	c.t.Reset(c.wait)
	select {
	case <-c.t.C:
		return true
	case <-stop:
		c.end()
		return false
	}
}

func (c *calm) end() {
	if !c.t.Stop() {
		<-c.t.C
	}
}

type mail struct{ text string }

func nextMail(in <-chan mail, idle time.Duration) (mail, bool) {
	select {
	case m, ok := <-in:
		return m, ok
	case <-time.After(idle): // want `time.After allocates 248 B in 3 objects for every message of in: the loop at line \d+ calls nextMail for each; one timer of the loop that is handed in and Reset here allocates nothing`
		return mail{}, false
	}
}

func countMail(in <-chan mail) (n int) {
	for {
		if _, ok := nextMail(in, time.Minute); !ok {
			return n
		}
		n++
	}
}

// Nobody calls it again.
func oneMail(in <-chan mail, idle time.Duration) bool {
	select {
	case <-in:
		return true
	case <-time.After(idle):
		return false
	}
}

func firstMail(in <-chan mail) bool { return oneMail(in, time.Second) }

// It asks for an answer, which costs far more.
func askMail(out chan<- mail, in <-chan mail) bool {
	out <- mail{"?"}
	select {
	case <-in:
		return true
	case <-time.After(time.Second):
		return false
	}
}

func askAll(out chan<- mail, in <-chan mail) (n int) {
	for askMail(out, in) {
		n++
	}
	return n
}
