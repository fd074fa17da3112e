// Package lone is a program that has one object of most of its types.
package main

import "sync"

func main() {
	l := newLedger()
	go l.export(make(chan int))
	b := &billing{ledger: l, tariffs: &tariffs{}}
	l.billing = b
	go b.bill()
	go b.tariffs.change(b)
	for range 2 {
		d := newDrawer()
		go d.fill(make(chan int), newDrawer())
	}
	one, two := new(tray), new(tray)
	one.other, two.other = two, one
	go one.swap()
	registry.put(new(form))
	_ = shelves[0].boards
	bell := &bell{}
	bell.on(func(int) {})
	bell.on(func(n int) { bell.off(n) })
	go bell.ring(1)
	desk := &desk{by: make(map[string]func())}
	desk.by["note"] = func() {}
	desk.by["sign"] = desk.sign
	go desk.do("note")
	go newPantry().stock(spare)
	var m maker = smith{}
	go m.make().join(smith{}.make())
	go (&stall{}).trade(stock[stall]())
}

// The package has a pantry, and the program makes another.
type pantry struct {
	mu sync.Mutex
	n  int
}

var spare = newPantry()

func newPantry() *pantry { return &pantry{} }

func (p *pantry) stock(from *pantry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	take(from)
}

func take(p *pantry) {
	p.mu.Lock()
	p.n--
	p.mu.Unlock()
}

// A method makes one as often as it is called.
type maker interface{ make() *chain }

type smith struct{}

func (smith) make() *chain { return &chain{} }

type chain struct {
	mu sync.Mutex
	n  int
}

func (c *chain) join(other *chain) {
	c.mu.Lock()
	defer c.mu.Unlock()
	lengthen(other)
}

func lengthen(c *chain) {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
}

// All who listen to the bell are called, and one of them needs the lock.
type bell struct {
	mu   sync.Mutex
	subs []func(int)
}

func (b *bell) on(f func(int)) {
	b.mu.Lock()
	b.subs = append(b.subs, f)
	b.mu.Unlock()
}

func (b *bell) off(n int) {
	b.mu.Lock() // want `this Lock takes b.mu, which its caller \(\*bell\).ring has held since line \d+: it waits for ever`
	b.subs = b.subs[:n]
	b.mu.Unlock()
}

func (b *bell) ring(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.subs {
		f(n)
	}
}

// One of them is called, and nothing is known of which.
type desk struct {
	mu sync.Mutex
	by map[string]func()
	n  int
}

func (d *desk) sign() {
	d.mu.Lock()
	d.n++
	d.mu.Unlock()
}

func (d *desk) do(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.by[what]()
}

// Who takes the entries needs the lock that is held while they are sent: there is one ledger.
type ledger struct {
	mu      sync.Mutex
	n       int
	billing *billing
}

func newLedger() *ledger { return &ledger{} }

func (l *ledger) export(out chan int) {
	t := &teller{ledger: l}
	go t.take(out)
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range 10 {
		out <- i // want `this send waits while l.mu is held since line \d+, and the range on line \d+ needs that lock first: both wait for ever`
	}
}

type teller struct{ ledger *ledger }

func (t *teller) take(in chan int) {
	for range in {
		t.ledger.count()
	}
}

func (l *ledger) count() {
	l.mu.Lock() // want `this Lock takes b.ledger.mu, which its caller \(\*billing\).bill has held since line \d+: it waits for ever`
	l.n++
	l.mu.Unlock()
}

// The ledger of the billing is the one ledger, however it is come to.
type billing struct {
	ledger  *ledger
	tariffs *tariffs
	mu      sync.Mutex
}

func (b *billing) bill() {
	b.ledger.mu.Lock()
	defer b.ledger.mu.Unlock()
	b.tariffs.apply(b)
}

type tariffs struct {
	mu sync.Mutex
}

func (t *tariffs) apply(b *billing) {
	b.ledger.count()
	settle(b.ledger)
	t.note(b)
}

func settle(l *ledger) {
	l.billing.mu.Lock()
	l.billing.mu.Unlock()
}

func (t *tariffs) note(b *billing) {
	t.mu.Lock()
	b.mu.Lock() // want `this Lock waits for b.mu while t.mu is held since line \d+; \(\*tariffs\).change takes them the other way round`
	b.mu.Unlock()
	t.mu.Unlock()
}

func (t *tariffs) change(b *billing) {
	b.mu.Lock()
	replaced(t)
	b.mu.Unlock()
}

func replaced(t *tariffs) {
	t.mu.Lock()
	t.mu.Unlock()
}

// There are several drawers: the one that is filled need not be the one that is counted.
type drawer struct {
	mu sync.Mutex
	n  int
}

func newDrawer() *drawer { return &drawer{} }

func (d *drawer) fill(out chan int, other *drawer) {
	go func() {
		for range out {
			other.count()
		}
	}()
	d.mu.Lock()
	defer d.mu.Unlock()
	out <- 1
	out <- 2
}

func (d *drawer) count() {
	d.mu.Lock()
	d.n++
	d.mu.Unlock()
}

// There are two trays.
type tray struct {
	mu    sync.Mutex
	other *tray
	held  []form
}

func (t *tray) swap() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.other.empty()
}

func (t *tray) empty() {
	t.mu.Lock()
	t.held = nil
	t.mu.Unlock()
}

// Forms are elements of a list as well as objects of their own.
type form struct {
	mu sync.Mutex
	up *form
}

func (f *form) sign() {
	f.mu.Lock()
	f.mu.Unlock()
}

type archive struct {
	mu    sync.Mutex
	forms []form
}

var registry archive

func (a *archive) put(f *form) {
	f.mu.Lock()
	f.up.sign()
	f.mu.Unlock()
}

// A type that holds itself by way of a list.
type shelf struct {
	mu     sync.Mutex
	boards []shelf
}

var shelves [3]shelf

// Generic code makes one as well.
type stall struct {
	mu sync.Mutex
	n  int
}

func stock[T any]() *T { return new(T) }

func (s *stall) trade(with *stall) {
	s.mu.Lock()
	defer s.mu.Unlock()
	with.sell()
}

func (s *stall) sell() {
	s.mu.Lock()
	s.n--
	s.mu.Unlock()
}
