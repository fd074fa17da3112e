package exits

import "sync"

// barrier comes down once, for all.
type barrier struct {
	mu   sync.Mutex
	cond *sync.Cond
	down bool
}

func newBarrier() *barrier {
	b := new(barrier)
	b.cond = sync.NewCond(&b.mu)
	return b
}

func (b *barrier) pass() {
	b.mu.Lock()
	for !b.down {
		b.cond.Wait()
	}
	b.mu.Unlock()
}

func (b *barrier) lower() {
	b.mu.Lock()
	b.down = true
	b.cond.Signal() // want `this Signal wakes only one of the goroutines started at line \d+, and nobody wakes the others, though down stays true: Broadcast does`
	b.mu.Unlock()
}

func crossing(n int) {
	b := newBarrier()
	for range n {
		go func() {
			b.pass()
			beat()
		}()
	}
	b.lower()
}

// Who gets through wakes the next.
type chain struct {
	mu   sync.Mutex
	cond sync.Cond
	open bool
}

func (c *chain) pass() {
	c.mu.Lock()
	for !c.open {
		c.cond.Wait()
	}
	c.mu.Unlock()
	c.cond.Signal()
}

func (c *chain) unlock() {
	c.mu.Lock()
	c.open = true
	c.mu.Unlock()
	c.cond.Signal()
}

func walk(n int) {
	c := new(chain)
	c.cond.L = &c.mu
	for range n {
		go c.pass()
	}
	c.unlock()
}

// The place is free for one only.
type seat struct {
	mu   sync.Mutex
	cond sync.Cond
	free bool
}

func (s *seat) take() {
	s.mu.Lock()
	for !s.free {
		s.cond.Wait()
	}
	s.free = false
	s.mu.Unlock()
}

func (s *seat) leave() {
	s.mu.Lock()
	s.free = true
	s.mu.Unlock()
	s.cond.Signal()
}

func sit(n int) {
	s := new(seat)
	s.cond.L = &s.mu
	for range n {
		go s.take()
	}
	s.leave()
}

// There is only one who waits.
type started struct {
	mu   sync.Mutex
	cond sync.Cond
	up   bool
}

func (s *started) wait() {
	s.mu.Lock()
	for !s.up {
		s.cond.Wait()
	}
	s.mu.Unlock()
}

func (s *started) tell() {
	s.mu.Lock()
	s.up = true
	s.mu.Unlock()
	s.cond.Signal()
}

func launch() {
	s := new(started)
	s.cond.L = &s.mu
	go s.tell()
	s.wait()
}

// All are woken, one by one.
type turnstile struct {
	mu   sync.Mutex
	cond sync.Cond
	open bool
}

func (t *turnstile) pass() {
	t.mu.Lock()
	for !t.open {
		t.cond.Wait()
	}
	t.mu.Unlock()
}

func (t *turnstile) release(n int) {
	t.mu.Lock()
	t.open = true
	t.mu.Unlock()
	for range n {
		t.cond.Signal()
	}
}

func match(n int) {
	t := new(turnstile)
	t.cond.L = &t.mu
	for range n {
		go t.pass()
	}
	t.release(n)
}

// It waits for work, too, of which each piece is for one; the end is for all.
type pile struct {
	mu     sync.Mutex
	cond   sync.Cond
	stones []int
	done   bool
}

func (p *pile) carry() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		for len(p.stones) == 0 {
			if p.done {
				return
			}
			p.cond.Wait()
		}
		p.stones = p.stones[1:]
	}
}

func (p *pile) heap(stone int) {
	p.mu.Lock()
	p.stones = append(p.stones, stone)
	p.mu.Unlock()
	p.cond.Signal()
}

func (p *pile) end() {
	p.mu.Lock()
	p.done = true
	p.mu.Unlock()
	p.cond.Signal() // want `this Signal wakes only one of the goroutines started at line 210, and nobody wakes the others, though done stays true: Broadcast does`
}

func quarry(n int) {
	p := new(pile)
	p.cond.L = &p.mu
	for range n {
		go p.carry()
	}
	p.heap(1)
	p.end()
}

// Who is told of the end tells the next.
type heap struct {
	mu   sync.Mutex
	cond *sync.Cond
	n    int
	shut bool
}

func newHeap() *heap {
	h := new(heap)
	h.cond = sync.NewCond(&h.mu)
	return h
}

func (h *heap) wake() { h.cond.Signal() }

func (h *heap) get() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.n == 0 && !h.shut {
		h.cond.Wait()
	}
	if h.n == 0 {
		h.wake()
		return false
	}
	h.n--
	return true
}

func (h *heap) put() {
	h.mu.Lock()
	h.n++
	h.mu.Unlock()
	h.cond.Signal()
}

func (h *heap) stop() {
	h.mu.Lock()
	h.shut = true
	h.mu.Unlock()
	h.cond.Signal()
}

func workHeap(n int) {
	h := newHeap()
	for range n {
		go func() {
			for h.get() {
			}
		}()
	}
	h.put()
	h.stop()
}

// A Budget wakes all when something comes back, and one when it is closed.
type Budget struct {
	mu     sync.Mutex
	back   *sync.Cond
	free   int
	closed bool
}

func NewBudget(n int) *Budget {
	b := &Budget{free: n}
	b.back = sync.NewCond(&b.mu)
	return b
}

func (b *Budget) Take(n int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for !b.closed && b.free < n {
		b.back.Wait()
	}
	if b.closed {
		return false
	}
	b.free -= n
	return true
}

func (b *Budget) Give(n int) {
	b.mu.Lock()
	b.free += n
	b.mu.Unlock()
	b.back.Broadcast()
}

func (b *Budget) Close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.back.Signal() // want `this Signal wakes only one of those who wait, and the others sleep on until line \d+ wakes all for something else, though closed stays true: Broadcast does`
}

// A Shelf wakes one for one thing, and all at the end.
type Shelf struct {
	mu     sync.Mutex
	more   *sync.Cond
	things []int
	closed bool
}

func NewShelf() *Shelf {
	s := new(Shelf)
	s.more = sync.NewCond(&s.mu)
	return s
}

func (s *Shelf) Take() (int, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.closed && len(s.things) == 0 {
		s.more.Wait()
	}
	if len(s.things) == 0 {
		return 0, false
	}
	t := s.things[0]
	s.things = s.things[1:]
	return t, true
}

func (s *Shelf) Put(t int) {
	s.mu.Lock()
	s.things = append(s.things, t)
	s.mu.Unlock()
	s.more.Signal()
}

func (s *Shelf) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.more.Broadcast()
}

// Dishes may be taken by any number of callers, each of whom is to see that the kitchen has closed.
type Dishes struct {
	mu     sync.Mutex
	more   *sync.Cond
	ready  []string
	closed bool
}

func NewDishes() *Dishes {
	t := &Dishes{}
	t.more = sync.NewCond(&t.mu)
	return t
}

func (t *Dishes) Put(dish string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ready = append(t.ready, dish)
	t.more.Signal()
}

func (t *Dishes) Get() (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.ready) == 0 {
		if t.closed {
			return "", false
		}
		t.more.Wait()
	}
	dish := t.ready[0]
	t.ready = t.ready[1:]
	return dish, true
}

func (t *Dishes) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	t.more.Signal() // want `this Signal wakes only one of those who wait, and nobody wakes the others, though closed stays true`
}
