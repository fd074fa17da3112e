package a

import (
	"context"
	"net"
	"sync"
	"time"
)

type mailbox struct {
	mu     sync.Mutex
	filled *sync.Cond
	mails  []string
	shut   bool
	paused bool
}

func newMailbox() *mailbox {
	b := new(mailbox)
	b.filled = sync.NewCond(&b.mu)
	return b
}

func (b *mailbox) Put(m string) {
	b.mu.Lock()
	b.mails = append(b.mails, m)
	b.mu.Unlock()
	b.filled.Signal()
}

func (b *mailbox) Take() (m string, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for (len(b.mails) == 0 || b.paused) && !b.shut {
		b.filled.Wait()
	}
	if b.shut {
		return "", false
	}
	m, b.mails = b.mails[0], b.mails[1:]
	return m, true
}

func (b *mailbox) Shut() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shut = true // want `shut ends the wait at line \d+, but nobody is woken to see it: who waits there when it is set waits on; Broadcast tells them`
}

// Pause makes others wait, which needs no word to them.
func (b *mailbox) Pause() {
	b.mu.Lock()
	b.paused = true
	b.mu.Unlock()
}

// A caller, or a function that is called, wakes them.

type inbox struct {
	mu     sync.Mutex
	filled sync.Cond
	mails  []string
	shut   bool
}

func newInbox() *inbox {
	b := &inbox{shut: false}
	b.filled.L = &b.mu
	return b
}

func EmptyInbox() *inbox {
	b := newInbox()
	b.shut = true
	return b
}

func (b *inbox) take() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.mails) == 0 {
		if b.shut {
			return ""
		}
		b.filled.Wait()
	}
	return b.mails[0]
}

func (b *inbox) put(m string) {
	b.mu.Lock()
	b.mails = append(b.mails, m)
	b.mu.Unlock()
	b.filled.Signal()
}

func (b *inbox) markShut() {
	b.mu.Lock()
	b.shut = true
	b.mu.Unlock()
}

func (b *inbox) Close() {
	b.markShut()
	b.wake()
}

func (b *inbox) wake() { b.filled.Broadcast() }

func (b *inbox) CloseFirst() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wake()
	b.shut = true
}

// The end of a connection or of a context wakes them, by way of another goroutine.

type link struct {
	mu     sync.Mutex
	ready  *sync.Cond
	data   []byte
	shut   bool
	conn   net.Conn
	cancel context.CancelFunc
}

func newLink(ctx context.Context, conn net.Conn) *link {
	l := &link{conn: conn}
	l.ready = sync.NewCond(&l.mu)
	ctx, l.cancel = context.WithCancel(ctx)
	go l.read(ctx)
	return l
}

func (l *link) read(ctx context.Context) {
	buf := make([]byte, 1024)
	for ctx.Err() == nil {
		n, err := l.conn.Read(buf)
		l.mu.Lock()
		l.data = append(l.data, buf[:n]...)
		l.mu.Unlock()
		l.ready.Broadcast()
		if err != nil {
			return
		}
	}
}

func (l *link) Next() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.data) == 0 && !l.shut {
		l.ready.Wait()
	}
	d := l.data
	l.data = nil
	return d
}

func (l *link) Close() error {
	l.mu.Lock()
	l.shut = true
	l.mu.Unlock()
	return l.conn.Close()
}

func (l *link) Abort() {
	l.mu.Lock()
	l.shut = true
	l.mu.Unlock()
	l.cancel()
}

// Somebody wakes them by the clock, whatever is set.
type ticking struct {
	mu   sync.Mutex
	c    *sync.Cond
	shut bool
	n    int
}

func newTicking() *ticking {
	t := new(ticking)
	t.c = sync.NewCond(&t.mu)
	go func() {
		for range time.Tick(time.Second) {
			t.mu.Lock()
			t.n++
			t.mu.Unlock()
			t.c.Broadcast()
		}
	}()
	return t
}

func (t *ticking) Next() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.n == 0 && !t.shut {
		t.c.Wait()
	}
	return t.n
}

func (t *ticking) Shut() {
	t.mu.Lock()
	t.shut = true
	t.mu.Unlock()
}

// Whoever sets it is to wake them, too.
type manual struct {
	mu   sync.Mutex
	c    *sync.Cond
	shut bool
	n    int
}

func newManual() *manual {
	m := new(manual)
	m.c = sync.NewCond(&m.mu)
	return m
}

func (m *manual) Add() {
	m.mu.Lock()
	m.n++
	m.mu.Unlock()
	m.c.Signal()
}

func (m *manual) Next() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	for m.n == 0 && !m.shut {
		m.c.Wait()
	}
	return m.n
}

func (m *manual) SetShut() {
	m.mu.Lock()
	m.shut = true
	m.mu.Unlock()
}

func (m *manual) Wake() { m.c.Broadcast() }
