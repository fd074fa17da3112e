package field

import (
	"sync"
	"time"
)

// What is deleted from one map is in another one, or with who has taken it out.

type lentConn struct {
	mu    sync.Mutex
	timer *time.Timer
	n     int
}

func (c *lentConn) tick() {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
	c.timer.Reset(time.Second)
}

type lentPool struct {
	mu   sync.Mutex
	idle map[*lentConn]bool
	busy map[*lentConn]bool
}

func newLentPool(n int) *lentPool {
	p := &lentPool{idle: map[*lentConn]bool{}, busy: map[*lentConn]bool{}}
	for range n {
		c := &lentConn{}
		c.timer = time.AfterFunc(time.Second, c.tick)
		p.idle[c] = true
	}
	return p
}

func (p *lentPool) Get() *lentConn {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.idle {
		delete(p.idle, c)
		p.busy[c] = true
		return c
	}
	return nil
}

func (p *lentPool) Put(c *lentConn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.busy, c)
	p.idle[c] = true
}

type namedRoom struct {
	timer *time.Timer
	name  string
}

func (r *namedRoom) tick() { r.timer = time.AfterFunc(time.Second, r.tick) }

type namedRooms struct{ m map[string]*namedRoom }

func (s *namedRooms) Add(name string) {
	r := &namedRoom{name: name}
	r.timer = time.AfterFunc(time.Second, r.tick)
	s.m[name] = r
}

func (s *namedRooms) Rename(from, to string) {
	r := s.m[from]
	delete(s.m, from)
	r.name = to
	s.m[to] = r
}

type lentItem struct {
	timer *time.Timer
	n     int
}

func (i *lentItem) tick() { i.n++; i.timer.Reset(time.Second) }

type lentItems struct {
	all  []*lentItem
	free map[int]*lentItem
}

func (a *lentItems) Add(k int) {
	i := &lentItem{}
	i.timer = time.AfterFunc(time.Second, i.tick)
	a.all = append(a.all, i)
	a.free[k] = i
}

// Take takes one out to use it.
func (a *lentItems) Take(k int) *lentItem {
	i := a.free[k]
	delete(a.free, k)
	return i
}
func (a *lentItems) Give(k int, i *lentItem) { a.free[k] = i }
