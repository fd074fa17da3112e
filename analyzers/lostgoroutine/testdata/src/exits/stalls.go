package exits

import (
	"io"
	"sync"
	"time"
)

// A stall hands out what its market brings until it is closed.
type stall struct {
	name  string
	out   io.Writer
	goods chan string
	last  time.Time
	sold  int
}

type Market struct {
	mu     sync.Mutex
	stalls map[string]*stall
}

func NewMarket() *Market { return &Market{stalls: make(map[string]*stall)} }

func (m *Market) Open(name string, out io.Writer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := &stall{name: name, out: out, goods: make(chan string, 8), last: time.Now()}
	m.stalls[name] = s
	go m.serve(s)
}

func (m *Market) serve(s *stall) {
	for g := range s.goods { // want `this range never ends for what Expel deletes from stalls: it does not close s.goods, as Shut does`
		io.WriteString(s.out, g)
	}
}

func (m *Market) Bring(name, what string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.stalls[name]
	if s == nil {
		return false
	}
	select {
	case s.goods <- what:
		s.last = time.Now()
		s.sold++
		return true
	default:
		return false
	}
}

func (m *Market) remove(s *stall) { delete(m.stalls, s.name) }

func (m *Market) Shut(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.stalls[name]; s != nil {
		m.remove(s)
		close(s.goods)
	}
}

func (m *Market) Expel(before time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.stalls {
		if s.last.Before(before) {
			m.remove(s)
		}
	}
}

// A stand is closed where it says so itself, or by who is told of it.
type stand struct {
	name  string
	out   io.Writer
	goods chan string
	last  time.Time
	shut  bool
}

type Fair struct {
	mu     sync.Mutex
	booths map[string]*stand
}

func NewFair() *Fair { return &Fair{booths: make(map[string]*stand)} }

func (f *Fair) Open(name string, out io.Writer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b := &stand{name: name, out: out, goods: make(chan string, 8), last: time.Now()}
	f.booths[name] = b
	go b.serve()
}

func (b *stand) serve() {
	for g := range b.goods {
		io.WriteString(b.out, g)
	}
}

func (f *Fair) Shut(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if b := f.booths[name]; b != nil && !b.shut {
		b.shut = true
		close(b.goods)
	}
}

func (f *Fair) Drop(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if b := f.booths[name]; b != nil && !b.shut {
		b.shut = true
		close(b.goods)
		delete(f.booths, name)
	}
}

func (f *Fair) Tidy() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for name, b := range f.booths {
		if b.shut {
			delete(f.booths, name)
		}
	}
}

// The tents are collected under the lock and closed after it.
type tent struct {
	name  string
	goods chan string
	last  time.Time
}

type Camp struct {
	mu    sync.Mutex
	tents map[string]*tent
	old   []*tent
}

func NewCamp() *Camp { return &Camp{tents: make(map[string]*tent)} }

func (c *Camp) Open(name string, out io.Writer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &tent{name: name, goods: make(chan string, 8), last: time.Now()}
	c.tents[name] = t
	go t.serve(out)
}

func (t *tent) serve(out io.Writer) {
	for g := range t.goods {
		io.WriteString(out, g)
	}
}

func (c *Camp) Shut(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := c.tents[name]; t != nil {
		delete(c.tents, name)
		close(t.goods)
	}
}

func (c *Camp) Mark(before time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, t := range c.tents {
		if t.last.Before(before) {
			c.old = append(c.old, t)
			delete(c.tents, name)
		}
	}
}

func (c *Camp) Strike() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.old {
		close(t.goods)
	}
	c.old = nil
}

// A cart has two names, and is found by the other one when the first is taken away.
type cart struct {
	number int
	name   string
	goods  chan string
}

type Row struct {
	mu       sync.Mutex
	byNumber map[int]*cart
	byName   map[string]*cart
}

func NewRow() *Row { return &Row{byNumber: make(map[int]*cart), byName: make(map[string]*cart)} }

func (r *Row) Open(number int, name string, out io.Writer) {
	c := &cart{number: number, name: name, goods: make(chan string, 8)}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byNumber[number] = c
	r.byName[name] = c
	go c.serve(out)
}

func (c *cart) serve(out io.Writer) {
	for g := range c.goods {
		io.WriteString(out, g)
	}
}

func (r *Row) Shut(number int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.byNumber[number]; c != nil {
		delete(r.byNumber, number)
		delete(r.byName, c.name)
		close(c.goods)
	}
}

func (r *Row) Rub(number int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.byNumber[number]; c != nil {
		delete(r.byNumber, number)
	}
}

func (r *Row) ShutNamed(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.byName[name]; c != nil {
		delete(r.byName, name)
		close(c.goods)
	}
}

// Who brings the goods of a lorry closes it, whether the yard knows it or not.
type lorry struct {
	number int
	in     io.Reader
	goods  chan string
}

type Yard struct {
	mu      sync.Mutex
	lorries map[int]*lorry
}

func NewYard() *Yard { return &Yard{lorries: make(map[int]*lorry)} }

func (y *Yard) Open(number int, in io.Reader, out io.Writer) {
	l := &lorry{number: number, in: in, goods: make(chan string, 8)}
	y.mu.Lock()
	y.lorries[number] = l
	y.mu.Unlock()
	go l.serve(out)
	go y.load(l)
}

func (l *lorry) serve(out io.Writer) {
	for g := range l.goods {
		io.WriteString(out, g)
	}
}

func (y *Yard) load(l *lorry) {
	io.Copy(io.Discard, l.in)
	y.mu.Lock()
	delete(y.lorries, l.number)
	y.mu.Unlock()
	close(l.goods)
}

func (y *Yard) Forget(number int) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if l := y.lorries[number]; l != nil {
		delete(y.lorries, number)
	}
}
