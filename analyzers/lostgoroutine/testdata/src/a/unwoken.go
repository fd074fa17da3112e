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

// A pile of anything is no other than one of mails.

type pile[T any] struct {
	mu    sync.Mutex
	more  *sync.Cond
	parts []T
	over  bool
}

func newPile[T any]() *pile[T] {
	p := &pile[T]{}
	p.more = sync.NewCond(&p.mu)
	return p
}

func (p *pile[T]) Push(x T) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.over {
		p.parts = append(p.parts, x)
		p.more.Signal()
	}
}

func (p *pile[T]) Pop() (x T, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.parts) == 0 && !p.over {
		p.more.Wait()
	}
	if len(p.parts) == 0 {
		return x, false
	}
	x, p.parts = p.parts[0], p.parts[1:]
	return x, true
}

func (p *pile[T]) End() {
	p.mu.Lock()
	p.over = true // want `over ends the wait at line \d+, but nobody is woken to see it`
	p.mu.Unlock()
}

// This one wakes them where it is used.

type heap[T any] struct {
	mu    sync.Mutex
	more  *sync.Cond
	parts []T
	over  bool
}

func newHeap[T any]() *heap[T] {
	h := &heap[T]{}
	h.more = sync.NewCond(&h.mu)
	return h
}

func (h *heap[T]) push(x T) {
	h.mu.Lock()
	h.parts = append(h.parts, x)
	h.mu.Unlock()
	h.more.Signal()
}

func (h *heap[T]) pop() (x T, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(h.parts) == 0 && !h.over {
		h.more.Wait()
	}
	if len(h.parts) == 0 {
		return x, false
	}
	x, h.parts = h.parts[0], h.parts[1:]
	return x, true
}

func (h *heap[T]) end() {
	h.mu.Lock()
	h.over = true
	h.mu.Unlock()
}

type sorter struct {
	numbers *heap[int]
	piles   *pile[string]
}

func NewSorter() *sorter { return &sorter{newHeap[int](), newPile[string]()} }

func (s *sorter) Sort(in []int) {
	go func() {
		for {
			if _, ok := s.numbers.pop(); !ok {
				return
			}
			s.piles.Pop()
		}
	}()
	for _, x := range in {
		s.numbers.push(x)
		s.piles.Push("x")
	}
}

func (s *sorter) Close() {
	s.numbers.end()
	s.numbers.more.Broadcast()
	s.piles.End()
}

// Who shuts this one waits for its workers, and tells that they have ended.

type press struct {
	mu     sync.Mutex
	filled *sync.Cond
	sheets []string
	shut   bool
	wg     sync.WaitGroup
	over   chan struct{}
}

func NewPress() *press {
	p := &press{over: make(chan struct{})}
	p.filled = sync.NewCond(&p.mu)
	p.wg.Add(1)
	go p.run()
	return p
}

func (p *press) run() {
	defer p.wg.Done()
	for {
		p.mu.Lock()
		for len(p.sheets) == 0 && !p.shut {
			p.filled.Wait()
		}
		if p.shut {
			p.mu.Unlock()
			return
		}
		p.sheets = p.sheets[1:]
		p.mu.Unlock()
	}
}

func (p *press) Lay(s string) {
	p.mu.Lock()
	p.sheets = append(p.sheets, s)
	p.mu.Unlock()
	p.filled.Signal()
}

func (p *press) turnOff() {
	p.mu.Lock()
	p.shut = true // want `shut ends the wait at line \d+, but nobody is woken to see it`
	p.mu.Unlock()
}

func (p *press) Close(limit time.Duration) bool {
	go func() {
		p.turnOff()
		p.wg.Wait()
		close(p.over)
	}()
	select {
	case <-p.over:
		return true
	case <-time.After(limit):
		return false
	}
}

// Who hears of the end of this one wakes the others.

type loom struct {
	mu    sync.Mutex
	ready *sync.Cond
	yarn  []string
	shut  bool
	over  chan struct{}
}

func NewLoom() *loom { // want NewLoom:`starts a goroutine that Close of 0 ends`
	l := &loom{over: make(chan struct{})}
	l.ready = sync.NewCond(&l.mu)
	go l.run()
	go l.guard()
	return l
}

func (l *loom) run() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		for len(l.yarn) == 0 && !l.shut {
			l.ready.Wait()
		}
		if l.shut {
			return
		}
		l.yarn = l.yarn[1:]
	}
}

func (l *loom) guard() {
	<-l.over
	l.wake()
}

func (l *loom) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.yarn = nil
	l.ready.Broadcast()
}

func (l *loom) Lay(s string) {
	l.mu.Lock()
	l.yarn = append(l.yarn, s)
	l.mu.Unlock()
	l.ready.Signal()
}

func (l *loom) Close() {
	l.mu.Lock()
	l.shut = true
	l.mu.Unlock()
	close(l.over)
}

// Who works here when the end comes wakes the others.
type mill struct {
	mu    sync.Mutex
	grain *sync.Cond
	sacks int
	shut  bool
	wg    sync.WaitGroup
}

func NewMill() *mill {
	m := new(mill)
	m.grain = sync.NewCond(&m.mu)
	m.wg.Add(1)
	go m.run()
	return m
}

func (m *mill) run() {
	defer m.wg.Done()
	m.mu.Lock()
	defer m.mu.Unlock()
	for {
		for m.sacks == 0 && !m.shut {
			m.grain.Wait()
		}
		if m.shut {
			return
		}
		m.sacks--
	}
}

func (m *mill) Feed(in <-chan int) {
	for n := range in {
		m.mu.Lock()
		m.sacks += n
		if m.shut {
			m.sacks = 0
		}
		m.grain.Broadcast()
		m.mu.Unlock()
	}
}

func (m *mill) Close() {
	m.mu.Lock()
	m.shut = true
	m.mu.Unlock()
	m.wg.Wait()
}

// Early wakes them before it sets what they look at.

type Early struct {
	mu    sync.Mutex
	moved *sync.Cond
	trays []int
	shut  bool
}

func NewEarly() *Early {
	e := new(Early)
	e.moved = sync.NewCond(&e.mu)
	return e
}

func (e *Early) Serve(n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.trays = append(e.trays, n)
	e.moved.Signal()
}

func (e *Early) Next() (int, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for len(e.trays) == 0 {
		if e.shut {
			return 0, false
		}
		e.moved.Wait()
	}
	n := e.trays[0]
	e.trays = e.trays[1:]
	return n, true
}

func (e *Early) Shut() {
	e.moved.Broadcast()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.shut = true // want `shut ends the wait at line \d+, but who waits is woken at line \d+, before it is set: who looks in between waits on; wake them behind this`
}

// Late wakes them behind it as well, or under the lock.

type Late struct {
	mu    sync.Mutex
	moved *sync.Cond
	trays []int
	shut  bool
}

func NewLate() *Late {
	e := new(Late)
	e.moved = sync.NewCond(&e.mu)
	return e
}

func (e *Late) Serve(n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.trays = append(e.trays, n)
	e.moved.Signal()
}

func (e *Late) Next() (int, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for len(e.trays) == 0 {
		if e.shut {
			return 0, false
		}
		e.moved.Wait()
	}
	n := e.trays[0]
	e.trays = e.trays[1:]
	return n, true
}

func (e *Late) Shut() {
	e.moved.Broadcast()
	e.mu.Lock()
	e.shut = true
	e.mu.Unlock()
	e.moved.Broadcast()
}

func (e *Late) Stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.moved.Broadcast()
	e.shut = true
}

func (e *Late) Leave() {
	defer e.moved.Broadcast()
	e.moved.Signal()
	e.mu.Lock()
	e.shut = true
	e.mu.Unlock()
}

// Held wakes them while it has the lock: they come to look when it gives that back.

type Held struct {
	mu, inner sync.Mutex
	moved     *sync.Cond
	trays     int
	shut      bool
}

func NewHeld() *Held {
	h := new(Held)
	h.moved = sync.NewCond(&h.mu)
	return h
}

func (h *Held) Serve() {
	h.mu.Lock()
	h.trays++
	h.mu.Unlock()
	h.moved.Signal()
}

func (h *Held) Next() {
	h.mu.Lock()
	for h.trays == 0 && !h.shut {
		h.moved.Wait()
	}
	h.trays--
	h.mu.Unlock()
}

func (h *Held) Shut() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.moved.Broadcast()
	h.inner.Lock()
	h.shut = true
	h.inner.Unlock()
}
