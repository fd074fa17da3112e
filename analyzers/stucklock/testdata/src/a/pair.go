package a

import "sync"

// purse has a lock of its own.
type purse struct {
	mu  sync.Mutex
	id  int
	sum int
}

func move(from, to *purse, n int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock() // want `this Lock waits for to.mu while from.mu is held since line 13; line 55 and line 56 pass the two in both orders, and two goroutines can wait for each other for ever: lock them in an order of their own, as by an id`
	defer to.mu.Unlock()
	from.sum -= n
	to.sum += n
}

func (p *purse) absorb(other *purse) {
	p.mu.Lock()
	other.mu.Lock() // want `this Lock waits for other.mu while p.mu is held since line 22; the call on line 63 passes any two elements, in both orders, and two goroutines can wait for each other for ever: lock them in an order of their own, as by an id`
	p.sum += other.sum
	other.mu.Unlock()
	p.mu.Unlock()
}

// The lesser one first.
func moveOrdered(from, to *purse, n int) {
	if from.id < to.id {
		from.mu.Lock()
		to.mu.Lock()
	} else {
		to.mu.Lock()
		from.mu.Lock()
	}
	from.sum -= n
	to.sum += n
	from.mu.Unlock()
	to.mu.Unlock()
}

// One after the other.
func moveInTurn(from, to *purse, n int) {
	from.mu.Lock()
	from.sum -= n
	from.mu.Unlock()
	to.mu.Lock()
	to.sum += n
	to.mu.Unlock()
}

func Settle(a, b *purse, all []*purse) {
	move(a, b, 1)
	move(b, a, 2)
	moveOrdered(a, b, 1)
	moveOrdered(b, a, 1)
	moveInTurn(a, b, 1)
	moveInTurn(b, a, 1)
	for _, x := range all {
		for _, y := range all {
			x.absorb(y)
		}
	}
}

// A parent is always locked before its child.
type limb struct {
	mu   sync.Mutex
	kids []*limb
	n    int
}

func (l *limb) adopt(kid *limb) {
	l.mu.Lock()
	defer l.mu.Unlock()
	kid.mu.Lock()
	defer kid.mu.Unlock()
	l.kids = append(l.kids, kid)
	l.n += kid.n
}

func Tree(root *limb) {
	for range 3 {
		root.adopt(&limb{})
	}
}

var settling sync.Mutex

func moveGated(from, to *purse, n int) {
	settling.Lock()
	defer settling.Unlock()
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock()
	defer to.mu.Unlock()
	from.sum -= n
	to.sum += n
}

func SettleGated(a, b *purse) {
	moveGated(a, b, 1)
	moveGated(b, a, 1)
}

// shop and till know each other.
type shop struct {
	mu    sync.Mutex
	till  *till
	sales int
}

type till struct {
	mu   sync.Mutex
	shop *shop
	cash int
}

func openShop() *shop {
	s := &shop{}
	s.till = &till{shop: s}
	return s
}

func (s *shop) Sell(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sales++
	s.till.put(n)
}

func (t *till) put(n int) {
	t.mu.Lock() // want `this Lock waits for s.till.mu while s.mu is held since line 128; \(\*till\).Count takes them the other way round on line 143: two goroutines can wait for each other for ever`
	defer t.mu.Unlock()
	t.cash += n
}

func (t *till) Count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.shop.mu.Lock()
	defer t.shop.mu.Unlock()
	return t.cash / t.shop.sales
}

// The one that room knows is not the one that knows it.
type room struct {
	mu   sync.Mutex
	next *door
	n    int
}

type door struct {
	mu sync.Mutex
	to *room
	n  int
}

func join(a, b *room) *door {
	d := &door{to: b}
	a.next = d
	return d
}

func (r *room) Leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next.mu.Lock()
	defer r.next.mu.Unlock()
	r.n--
}

func (d *door) Pass() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.to.mu.Lock()
	defer d.to.mu.Unlock()
	d.to.n++
}

// calls waits for an answer that nobody can give while the lock is held.
type calls struct {
	mu      sync.Mutex
	waiting map[int]chan string
	wire    chan int
	n       int
}

func (c *calls) ask() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	answer := make(chan string, 1)
	c.waiting[c.n] = answer
	c.wire <- c.n
	return <-answer // want `this receive waits while c.mu is held since line 192, and the send on line 218 needs that lock first: both wait for ever`
}

func (c *calls) askWell() string {
	c.mu.Lock()
	c.n++
	n := c.n
	answer := make(chan string, 1)
	c.waiting[n] = answer
	c.mu.Unlock()
	c.wire <- n
	return <-answer
}

func (c *calls) read() {
	for n := range c.wire {
		c.mu.Lock()
		answer := c.waiting[n]
		delete(c.waiting, n)
		c.mu.Unlock()
		answer <- "ok"
	}
}

func Ask() string {
	c := &calls{waiting: make(map[int]chan string), wire: make(chan int, 1)}
	go c.read()
	defer close(c.wire)
	return c.ask() + c.askWell()
}

// latch is waited for by a method of its own; who calls it holds another lock.
type latch struct {
	mu   sync.Mutex
	cond *sync.Cond
	open bool
}

func newLatch() *latch {
	l := new(latch)
	l.cond = sync.NewCond(&l.mu)
	return l
}

func (l *latch) wait() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.open {
		l.cond.Wait()
	}
}

func (l *latch) release() {
	l.mu.Lock()
	l.open = true
	l.mu.Unlock()
	l.cond.Broadcast()
}

type gatekeeper struct {
	mu sync.Mutex
	l  *latch
	n  int
}

func (g *gatekeeper) enter() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.l.wait() // want `this call of \(\*latch\).wait leads to the Wait on line 246, which waits while g.mu is held by \(\*gatekeeper\).enter since line 264, and the Signal on line 254 needs that lock first: both wait for ever`
	g.n++
}

func (g *gatekeeper) enterWell() {
	g.l.wait()
	g.mu.Lock()
	g.n++
	g.mu.Unlock()
}

func (g *gatekeeper) openUp() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n = 0
	g.l.release()
}

func Gate() {
	g := &gatekeeper{l: newLatch()}
	go g.openUp()
	g.enter()
	g.enterWell()
}
