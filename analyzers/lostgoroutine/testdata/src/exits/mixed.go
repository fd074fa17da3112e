package exits

import (
	"sync"
)

// tape tells who waits for a mark how far it has come.
type tape struct {
	mu    sync.Mutex
	moved *sync.Cond
	at    int
}

func newTape() *tape {
	t := new(tape)
	t.moved = sync.NewCond(&t.mu)
	return t
}

func (t *tape) await(mark int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.at < mark {
		t.moved.Wait()
	}
}

func (t *tape) forward(n int) {
	t.mu.Lock()
	t.at += n
	t.moved.Signal() // want `this Signal wakes one of the goroutines started at line \d+, each of which waits for its own mark at line \d+: perhaps not the one that can go on, and nobody wakes the others; Broadcast does`
	t.mu.Unlock()
}

func play(marks []int) {
	t := newTape()
	var wg sync.WaitGroup
	for _, m := range marks {
		wg.Go(func() {
			t.await(m)
			beat()
		})
	}
	t.forward(len(marks))
	wg.Wait()
}

// Two go statements start as many.
type orders struct {
	mu    sync.Mutex
	ready sync.Cond
	made  map[string]bool
}

func newOrders() *orders {
	o := &orders{made: make(map[string]bool)}
	o.ready.L = &o.mu
	return o
}

func (o *orders) fetch(name string) {
	o.mu.Lock()
	for !o.made[name] {
		o.ready.Wait()
	}
	o.mu.Unlock()
}

func (o *orders) done(name string) {
	o.mu.Lock()
	o.made[name] = true
	o.mu.Unlock()
	o.ready.Signal() // want `each of which waits for its own name`
}

func serve2() {
	o := newOrders()
	go o.fetch("tea")
	go o.fetch("cake")
	o.done("cake")
	o.done("tea")
}

// Each has a tape of its own.
type ownTape struct {
	mu    sync.Mutex
	moved *sync.Cond
	at    int
}

func newOwnTape() *ownTape {
	t := new(ownTape)
	t.moved = sync.NewCond(&t.mu)
	return t
}

func (t *ownTape) await(mark int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.at < mark {
		t.moved.Wait()
	}
}

func (t *ownTape) forward(n int) {
	t.mu.Lock()
	t.at += n
	t.moved.Signal()
	t.mu.Unlock()
}

func playOwn(marks []int) {
	for _, m := range marks {
		t := newOwnTape()
		go t.await(m)
		t.forward(m)
	}
}

// All wait for the same.
type level struct {
	mu    sync.Mutex
	moved *sync.Cond
	at    int
}

func newLevel() *level {
	l := new(level)
	l.moved = sync.NewCond(&l.mu)
	return l
}

func (l *level) take(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.at < n {
		l.moved.Wait()
	}
	l.at -= n
}

func (l *level) fill(n int) {
	l.mu.Lock()
	l.at += n
	l.moved.Signal()
	l.mu.Unlock()
}

func drain2(n int) {
	l := newLevel()
	for range n {
		go l.take(1)
	}
	for range n {
		l.fill(1)
	}
}

func drainBy(n, by int) {
	l := newLevel()
	for range n {
		go l.take(by)
	}
	for range n {
		l.fill(by)
	}
}

// Who has had enough of this one gives it back, which wakes the next.
type tank struct {
	mu   sync.Mutex
	free *sync.Cond
	left int
}

func newTank(left int) *tank {
	t := &tank{left: left}
	t.free = sync.NewCond(&t.mu)
	return t
}

func (t *tank) take(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.left < n {
		t.free.Wait()
	}
	t.left -= n
}

func (t *tank) give(n int) {
	t.mu.Lock()
	t.left += n
	t.mu.Unlock()
	t.free.Signal()
}

func useTank(wants []int) {
	t := newTank(4)
	for _, n := range wants {
		go func() {
			t.take(n)
			beat()
			t.give(n)
		}()
	}
}

// Only one waits, as far as is known.
type single struct {
	mu    sync.Mutex
	moved *sync.Cond
	at    int
}

func newSingle() *single {
	s := new(single)
	s.moved = sync.NewCond(&s.mu)
	return s
}

func (s *single) Await(mark int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.at < mark {
		s.moved.Wait()
	}
}

func (s *single) Forward(n int) {
	s.mu.Lock()
	s.at += n
	s.moved.Signal()
	s.mu.Unlock()
}

func playSingle() {
	s := newSingle()
	go s.Await(3)
	s.Forward(3)
}

// Tank gives to each who waits for it as much as he wants.
type Tank struct {
	mu    sync.Mutex
	freed sync.Cond
	size  int
	taken int
}

func NewTank(size int) *Tank {
	t := &Tank{size: size}
	t.freed.L = &t.mu
	return t
}

func (t *Tank) Take(litres int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.taken+litres > t.size {
		t.freed.Wait()
	}
	t.taken += litres
}

func (t *Tank) Give(litres int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.taken -= litres
	t.freed.Signal() // want `this Signal wakes one of those who wait at line \d+, each for its own litres: there may be too little for that one, or enough for another as well, and nobody wakes the others; Broadcast does`
}

// Seats gives one to each.
type Seats struct {
	mu    sync.Mutex
	freed sync.Cond
	size  int
	taken int
}

func NewSeats(size int) *Seats {
	t := &Seats{size: size}
	t.freed.L = &t.mu
	return t
}

func (t *Seats) Take() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.taken+1 > t.size {
		t.freed.Wait()
	}
	t.taken++
}

func (t *Seats) Give() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.taken--
	t.freed.Signal()
}

// Who gets something from Cistern wakes the next.
type Cistern struct {
	mu    sync.Mutex
	freed sync.Cond
	left  int
}

func NewCistern(size int) *Cistern {
	t := &Cistern{left: size}
	t.freed.L = &t.mu
	return t
}

func (t *Cistern) Take(litres int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.left < litres {
		t.freed.Wait()
	}
	t.left -= litres
	t.freed.Signal()
}

func (t *Cistern) Give(litres int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.left += litres
	t.freed.Signal()
}

// Whoever drinks from Hose may be the only one.
type Hose struct {
	mu   sync.Mutex
	more sync.Cond
	left int
}

func NewHose() *Hose {
	h := new(Hose)
	h.more.L = &h.mu
	return h
}

func (h *Hose) Drink(litres int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.left < litres {
		h.more.Wait()
	}
	h.left -= litres
}

func (h *Hose) Pour(water []byte) {
	h.mu.Lock()
	h.left += len(water)
	h.mu.Unlock()
	h.more.Signal()
}

// Who waits for a level takes nothing from Weir.
type Weir struct {
	mu    sync.Mutex
	rises sync.Cond
	at    int
}

func NewWeir() *Weir {
	w := new(Weir)
	w.rises.L = &w.mu
	return w
}

func (w *Weir) Await(level int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.at < level {
		w.rises.Wait()
	}
}

func (w *Weir) Rise(by int) {
	w.mu.Lock()
	w.at += by
	w.mu.Unlock()
	w.rises.Signal()
}

// At Pump they wait one after the other.
type Pump struct {
	turn  sync.Mutex
	mu    sync.Mutex
	freed sync.Cond
	left  int
}

func NewPump(left int) *Pump {
	p := &Pump{left: left}
	p.freed.L = &p.mu
	return p
}

func (p *Pump) Take(litres int) {
	p.turn.Lock()
	defer p.turn.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.left < litres {
		p.freed.Wait()
	}
	p.left -= litres
}

func (p *Pump) Give(litres int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left += litres
	p.freed.Signal()
}
