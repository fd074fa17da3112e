package a

import (
	"errors"
	"sync"
)

// Whether the heater runs is not what its goroutine asks before it needs the lock.
type heater struct {
	mu   sync.Mutex
	stop func()
	done chan struct{}
	on   bool
}

func (h *heater) run(quit chan struct{}) {
	defer close(h.done)
	<-quit
	h.cool()
}

func (h *heater) cool() {
	h.mu.Lock()
	h.on = false
	h.mu.Unlock()
}

func (h *heater) Start() {
	h.mu.Lock()
	defer h.mu.Unlock()
	quit := make(chan struct{})
	h.stop = func() { close(quit) }
	h.done = make(chan struct{})
	go h.run(quit)
}

func (h *heater) Stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stop == nil {
		return
	}
	h.stop()
	<-h.done // want `this receive waits while h.mu is held since line \d+, and the close on line \d+ needs that lock first: both wait for ever`
	h.stop = nil
}

// The goroutine of the boiler has had the lock when it is ready.
type boiler struct {
	mu    sync.Mutex
	ready bool
	done  chan struct{}
}

func (b *boiler) run() {
	b.mu.Lock()
	b.ready = true
	b.mu.Unlock()
	close(b.done)
}

func (b *boiler) Start() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done = make(chan struct{})
	go b.run()
}

func (b *boiler) Stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.ready {
		return
	}
	<-b.done
}

// Who answers takes the lock first, unless something has failed.
type surveyor struct {
	mu   sync.Mutex
	seen map[string]int
}

type site interface{ measure() (int, error) }

func (s *surveyor) note(name string, n int) {
	s.mu.Lock()
	s.seen[name] = n
	s.mu.Unlock()
}

func (s *surveyor) visit(name string, at site, ready chan<- bool) {
	n, err := at.measure()
	if err == nil {
		s.note(name, n)
	}
	ready <- err == nil
}

func (s *surveyor) Survey(sites map[string]site) (all int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ready := make(chan bool)
	for name, at := range sites {
		go s.visit(name, at, ready)
	}
	for range sites {
		if <-ready { // want `this receive waits while s.mu is held since line \d+, and the send on line \d+ needs that lock first: both wait for ever`
			all++
		}
	}
	return all
}

// Here it takes the lock only if something has failed.
func (s *surveyor) try(name string, at site, ready chan<- bool) {
	n, err := at.measure()
	if err != nil {
		s.note(name, n)
	}
	ready <- err == nil
}

func (s *surveyor) Try(name string, at site) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	ready := make(chan bool)
	go s.try(name, at, ready)
	return <-ready
}

// The reader of a belt waits with the lock by which everybody comes to the belt.
type belt struct {
	mu    sync.Mutex
	more  *sync.Cond
	parts []string
}

func newBelt() *belt {
	b := &belt{}
	b.more = sync.NewCond(&b.mu)
	return b
}

func (b *belt) put(part string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.parts = append(b.parts, part)
	b.more.Broadcast()
}

func (b *belt) next() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.parts) == 0 {
		b.more.Wait()
	}
	part := b.parts[0]
	b.parts = b.parts[1:]
	return part
}

type hall struct {
	mu    sync.Mutex
	belts map[string]*belt
}

var theHall = &hall{belts: make(map[string]*belt)}

func (h *hall) belt(name string) *belt {
	b, ok := h.belts[name]
	if !ok {
		b = newBelt()
		h.belts[name] = b
	}
	return b
}

func deliver(name, part string) {
	theHall.mu.Lock()
	b := theHall.belt(name)
	theHall.mu.Unlock()
	b.put(part)
}

func fetch(name string) string {
	theHall.mu.Lock()
	defer theHall.mu.Unlock()
	return theHall.belt(name).next() // want `this call of \(\*belt\).next leads to the Wait on line \d+, which waits while theHall.mu is held by fetch since line \d+, and the Signal on line \d+ needs that lock first: both wait for ever`
}

// Places are given back with the lock that who waits for one holds.
type garages struct {
	mu     sync.Mutex
	places chan struct{}
	cars   map[string]bool
}

func newGarages(n int) *garages {
	return &garages{places: make(chan struct{}, n), cars: make(map[string]bool)}
}

func (g *garages) Enter(car string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.places <- struct{}{} // want `this send waits while g.mu is held since line \d+, and the receive on line \d+ needs that lock first: both wait for ever`
	g.cars[car] = true
}

func (g *garages) Leave(car string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.cars, car)
	<-g.places
}

// There is room for all that is put aside, for what is known of it.
type aside struct {
	mu   sync.Mutex
	kept chan int
}

func newAside(n int) *aside { return &aside{kept: make(chan int, n)} }

func (a *aside) Put(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.kept <- n
}

func (a *aside) Take() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return <-a.kept
}

// The carrier needs the lock to tell that it leaves.
type chute struct {
	mu    sync.Mutex
	in    chan string
	shut  bool
	count int
}

func newChute(n int) *chute { return &chute{in: make(chan string, n)} }

var errShut = errors.New("shut")

func (c *chute) Throw(parcel string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shut {
		return errShut
	}
	c.in <- parcel // want `this send waits while c.mu is held since line \d+, and \(\*chute\).carry, which alone receives, needs that lock on line \d+ when it leaves the loop: both wait for ever`
	return nil
}

func (c *chute) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shut = true
}

func (c *chute) carry(load func(string) error) error {
	for parcel := range c.in {
		if err := load(parcel); err != nil {
			c.close()
			return err
		}
	}
	return nil
}

// This one tells that it leaves when nothing comes any more.
type ramp struct {
	mu   sync.Mutex
	in   chan string
	left bool
}

func newRamp() *ramp { return &ramp{in: make(chan string)} }

func (r *ramp) Throw(parcel string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left {
		return
	}
	r.in <- parcel
}

func (r *ramp) End() { close(r.in) }

func (r *ramp) carry(load func(string)) {
	for parcel := range r.in {
		load(parcel)
	}
	r.mu.Lock()
	r.left = true
	r.mu.Unlock()
}

// The policy of a team belongs to the team, whichever it is.
type policy interface{ changed(name string) }

type team struct {
	mu     sync.Mutex
	policy policy
	first  string
}

type eager struct {
	team *team
	last string
}

func (e *eager) changed(name string) {
	if e.last != name {
		e.team.promote(name)
	}
}

type lazy struct{ n int }

func (l *lazy) changed(string) { l.n++ }

func newTeam(kind string) *team {
	t := &team{}
	if kind == "lazy" {
		t.policy = &lazy{}
	} else {
		t.policy = &eager{team: t}
	}
	return t
}

func (t *team) promote(name string) {
	t.mu.Lock() // want `this Lock takes t.mu, which its caller \(\*team\).join has held since line \d+: it waits for ever`
	t.first = name
	t.mu.Unlock()
}

func (t *team) join(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.policy.changed(name)
}

// The rule of a club is that of its parent.
type rule interface{ applied(name string) }

type club struct {
	mu     sync.Mutex
	parent *club
	rule   rule
	last   string
}

type strict struct{ club *club }

func (s *strict) applied(name string) { s.club.remember(name) }

type mild struct{ n int }

func (m *mild) applied(string) { m.n++ }

func newClub(parent *club) *club {
	c := &club{parent: parent}
	if parent == nil {
		c.rule = &mild{}
	} else {
		c.rule = &strict{club: parent}
	}
	return c
}

func (c *club) remember(name string) {
	c.mu.Lock()
	c.last = name
	c.mu.Unlock()
}

func (c *club) admit(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rule.applied(name)
}

// Whoever asks for it chooses from which tank to which.
type tank struct {
	mu    sync.Mutex
	level int
}

func (t *tank) fill(n int) {
	t.mu.Lock()
	t.level += n
	t.mu.Unlock()
}

func (t *tank) pour(into *tank, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.level -= n
	into.fill(n) // want `this call of fill waits for into.mu while t.mu is held since line \d+; the call on line \d+ passes any two elements, in both orders, and two goroutines can wait for each other for ever`
}

type cellar struct{ tanks map[string]*tank }

func (c *cellar) Pour(from, into string, n int) {
	c.tanks[from].pour(c.tanks[into], n)
}

// Here the lesser one is always the first.
type barrel struct {
	mu    sync.Mutex
	level int
}

func (b *barrel) fill(n int) {
	b.mu.Lock()
	b.level += n
	b.mu.Unlock()
}

func (b *barrel) pour(into *barrel, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.level -= n
	into.fill(n)
}

type vault struct{ barrels []*barrel }

func (v *vault) Pour(from, into, n int) {
	if from > into {
		return
	}
	v.barrels[from].pour(v.barrels[into], n)
}
