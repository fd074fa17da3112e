package a

import "sync"

// What is deferred last is done first: a passenger goes ashore, and is counted out then.
type ferry struct {
	mu     sync.Mutex
	aboard map[string]bool
	trips  sync.WaitGroup
	moored bool
}

func (f *ferry) board(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.moored {
		return
	}
	f.aboard[name] = true
	f.trips.Add(1)
	go f.carry(name)
}

func (f *ferry) carry(name string) {
	defer f.trips.Done()
	defer f.ashore(name)
	work()
}

func (f *ferry) ashore(name string) {
	f.mu.Lock()
	delete(f.aboard, name)
	f.mu.Unlock()
}

func (f *ferry) moor() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.moored {
		return
	}
	f.moored = true
	f.trips.Wait() // want `this Wait waits while f.mu is held since line 37, and the Done on line 25 needs that lock first: both wait for ever`
}

// A passenger who goes ashore has been counted out.
type barge struct {
	mu     sync.Mutex
	aboard map[string]bool
	trips  sync.WaitGroup
}

func (b *barge) board(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.aboard[name] = true
	b.trips.Add(1)
	go func() {
		defer b.ashore(name)
		defer b.trips.Done()
		work()
	}()
}

func (b *barge) ashore(name string) {
	b.mu.Lock()
	delete(b.aboard, name)
	b.mu.Unlock()
}

func (b *barge) moor() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trips.Wait()
}

// Only those with a ticket are entered.
type raft struct {
	mu     sync.Mutex
	aboard map[string]bool
	trips  sync.WaitGroup
}

func (r *raft) board(name string, ticket bool) {
	r.trips.Add(1)
	go r.carry(name, ticket)
}

func (r *raft) carry(name string, ticket bool) {
	defer r.trips.Done()
	if ticket {
		defer r.ashore(name)
	}
	work()
}

func (r *raft) ashore(name string) {
	r.mu.Lock()
	delete(r.aboard, name)
	r.mu.Unlock()
}

func (r *raft) moor() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.trips.Wait()
}

// The lock is taken at the end, when the channel is closed.
type kiln struct {
	mu    sync.Mutex
	state string
	baked int
	stop  chan struct{}
	cold  chan struct{}
}

func (k *kiln) light() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.state != "" {
		return
	}
	k.state = "lit"
	k.stop = make(chan struct{})
	k.cold = make(chan struct{})
	go k.fire(k.stop, k.cold)
}

func (k *kiln) fire(stop <-chan struct{}, cold chan<- struct{}) {
	defer close(cold)
	baked := 0
	defer func() {
		k.mu.Lock()
		k.baked = baked
		k.mu.Unlock()
	}()
	for {
		select {
		case <-stop:
			return
		default:
			baked++
		}
	}
}

func (k *kiln) douse() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.state != "lit" {
		return 0
	}
	k.state = "out"
	close(k.stop)
	<-k.cold // want `this receive waits while k.mu is held since line 149, and the close on line 131 needs that lock first: both wait for ever`
	return k.baked
}

// The fire of one stove is told to warm another.
type stove struct {
	mu   sync.Mutex
	n    int
	cold chan struct{}
}

func (s *stove) light(other *stove) {
	s.cold = make(chan struct{})
	go s.fire(other.cold)
}

func (s *stove) fire(cold chan<- struct{}) {
	defer close(cold)
	defer func() {
		s.mu.Lock()
		s.n++
		s.mu.Unlock()
	}()
	work()
}

func (s *stove) douse() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	<-s.cold
	return s.n
}

// Who is sent a parcel enters it into the list that the sender goes through. What is in the parcel is
// no secret between them.
type parcel struct {
	name   string
	weight int
}

type manifest struct {
	mu      sync.RWMutex
	parcels []parcel
	weighs  map[string]int
}

type hatch struct{ out chan parcel }

func (b *hatch) load(m *manifest) {
	defer close(b.out)
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, c := range m.parcels {
		if c.weight == 0 {
			continue
		}
		b.out <- c // want `this send waits while m.mu is held since line 206, and the range on line 217 needs that lock first: both wait for ever`
	}
}

func (b *hatch) unload(m *manifest) {
	for c := range b.out {
		m.mu.Lock()
		m.weighs[c.name] = c.weight
		m.mu.Unlock()
	}
}

func ship(parcels []parcel) {
	m := &manifest{parcels: parcels, weighs: make(map[string]int)}
	b := &hatch{make(chan parcel)}
	go b.load(m)
	b.unload(m)
}

// Whoever the sender has told that a chest is full leaves the list alone.
type chest struct {
	name string
	full bool
}

type cargo struct {
	mu     sync.RWMutex
	chests []*chest
	n      int
}

type hoist struct{ out chan *chest }

func (h *hoist) load(s *cargo) {
	defer close(h.out)
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, b := range s.chests {
		if !b.full {
			continue
		}
		h.out <- b
	}
}

func (h *hoist) unload(s *cargo) {
	for b := range h.out {
		if !b.full {
			s.mu.Lock()
			s.n++
			s.mu.Unlock()
		}
	}
}

func lift(chests []*chest) {
	s := &cargo{chests: chests}
	h := &hoist{make(chan *chest)}
	go h.load(s)
	h.unload(s)
}

// Another list.
type shed struct {
	mu      sync.RWMutex
	parcels []parcel
}

type plank struct{ out chan parcel }

func (s *plank) load(d *shed) {
	defer close(s.out)
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, c := range d.parcels {
		s.out <- c
	}
}

func (s *plank) unload(d *shed) {
	for c := range s.out {
		d.mu.Lock()
		d.parcels = append(d.parcels, c)
		d.mu.Unlock()
	}
}

func carryOver(from, to *shed) {
	s := &plank{make(chan parcel)}
	go s.load(from)
	s.unload(to)
}

func work() { _ = try() }

func Ferries(names []string) {
	f := &ferry{aboard: make(map[string]bool)}
	b := &barge{aboard: make(map[string]bool)}
	r := &raft{aboard: make(map[string]bool)}
	for _, name := range names {
		f.board(name)
		b.board(name)
		r.board(name, name != "")
	}
	f.moor()
	b.moor()
	r.moor()
	k := new(kiln)
	k.light()
	k.douse()
	s, t := &stove{cold: make(chan struct{})}, &stove{cold: make(chan struct{})}
	s.light(t)
	t.light(s)
	s.douse()
	t.douse()
	ship(nil)
	lift(nil)
	carryOver(new(shed), new(shed))
}
