package a

import "sync"

// A depot holds crates, each of which knows it.
type depot struct {
	mu     sync.RWMutex
	crates map[int]*crate
	queue  *intake
}

type crate struct {
	mu   sync.Mutex
	id   int
	home *depot
	once sync.Once
	full bool
}

func (d *depot) put(id int) *crate {
	c := &crate{id: id, home: d}
	d.mu.Lock()
	d.crates[id] = c
	d.mu.Unlock()
	return c
}

func (c *crate) leave() {
	c.once.Do(func() { c.home.forget(c) })
}

func (d *depot) forget(c *crate) {
	d.mu.Lock() // want `this Lock takes d.mu, which its caller \(\*depot\).clear has held since line \d+: it waits for ever`
	delete(d.crates, c.id)
	d.mu.Unlock()
}

func (d *depot) clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.crates {
		c.leave()
	}
}

func (d *depot) each(f func(*crate)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.crates {
		f(c)
	}
}

func (c *crate) neighbours() int {
	c.home.mu.RLock() // want `this RLock takes d.mu, which its caller \(\*depot\).each has held since line \d+: it waits for ever`
	defer c.home.mu.RUnlock()
	return len(c.home.crates)
}

func (d *depot) crowd() (n int) {
	d.each(func(c *crate) { n += c.neighbours() })
	return n
}

// The element goes through a queue that knows nothing of locks.
type intake struct{ seen int }

func (q *intake) offer(c *crate) {
	q.seen++
	if c.count() > 10 {
		q.seen--
	}
}

func (c *crate) count() int {
	c.home.mu.RLock() // want `this RLock takes d.mu, which its caller \(\*depot\).scan has read-locked since line \d+; a Lock that waits in between`
	defer c.home.mu.RUnlock()
	return len(c.home.crates)
}

func (d *depot) scan() {
	d.mu.RLock()
	for _, c := range d.crates {
		d.queue.offer(c)
	}
	d.mu.RUnlock()
}

// A yard takes the locks of its wagons in a helper, and a wagon that of its yard.
type yard struct {
	mu     sync.Mutex
	wagons []*wagon
	moved  int
}

type wagon struct {
	mu   sync.Mutex
	yard *yard
	load int
}

func (y *yard) add() {
	w := &wagon{yard: y}
	y.mu.Lock()
	defer y.mu.Unlock()
	y.wagons = append(y.wagons, w)
}

func (y *yard) sweep() {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.empty()
}

func (y *yard) empty() {
	for _, w := range y.wagons {
		w.unload()
	}
}

func (w *wagon) unload() {
	w.mu.Lock() // want `this Lock waits for mu while y.mu is held since line \d+; \(\*wagon\).move takes them the other way round on line \d+`
	defer w.mu.Unlock()
	w.load = 0
}

func (w *wagon) move() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.yard.note()
}

func (y *yard) note() {
	y.mu.Lock()
	y.moved++
	y.mu.Unlock()
}

// The lock of the stockroom is released for a while, that of the slot is not.
type stockroom struct {
	sync.Mutex
	entries map[string]*slot
}

type slot struct {
	lock sync.Mutex
	name string
}

func (r *stockroom) find(name string) *slot { return r.entries[name] }

func (r *stockroom) Drop(name string) {
	r.Lock()
	defer r.Unlock()
	e := r.find(name)
	e.lock.Lock() // want `this Lock waits for lock while r is held since line \d+; \(\*stockroom\).Drop takes them the other way round on line \d+`
	defer e.lock.Unlock()
	r.settle(e.name)
}

func (r *stockroom) settle(name string) {
	r.Unlock()
	println("settling", name)
	r.Lock()
}

// That there is another side is all that is asked.
type bench struct {
	mu   sync.Mutex
	n    int
	next *tool
}

type tool struct {
	mu sync.Mutex
	up *bench
	n  int
}

func newBench() *bench {
	s := &bench{}
	s.next = &tool{up: s}
	return s
}

func (s *bench) push() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next != nil {
		s.next.take()
	}
}

func (s *bench) count() {
	s.mu.Lock() // want `this Lock waits for t.up.mu while t.mu is held since line \d+; \(\*bench\).push takes them the other way round on line \d+`
	s.n++
	s.mu.Unlock()
}

func (t *tool) take() {
	t.mu.Lock()
	t.n++
	t.mu.Unlock()
}

func (t *tool) drop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.up != nil {
		t.up.count()
	}
}

// The other side is taken away before its lock is needed.
type press struct {
	mu   sync.Mutex
	n    int
	next *plate
}

type plate struct {
	mu sync.Mutex
	up *press
	n  int
}

func newPress() *press {
	p := &press{}
	p.next = &plate{up: p}
	return p
}

func (p *press) push() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next != nil {
		p.next.take()
	}
}

func (p *press) count() {
	p.mu.Lock()
	p.n++
	p.next = nil
	p.mu.Unlock()
}

func (t *plate) take() {
	t.mu.Lock()
	t.n++
	t.mu.Unlock()
}

func (t *plate) drop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.up != nil {
		t.up.count()
	}
}

// A sieve asks the hosts that it belongs to; it is no pointer, and one of two that a hosts may have.
type sieve interface{ keeps(host string) bool }

type everything struct{}

func (everything) keeps(string) bool { return true }

type unique struct{ of *hosts }

func (u unique) keeps(host string) bool { return !u.of.knows(host) }

type hosts struct {
	mu    sync.RWMutex
	names map[string]bool
	sieve sieve
}

func newHosts(once bool) *hosts {
	h := &hosts{names: make(map[string]bool)}
	if once {
		h.sieve = unique{of: h}
	} else {
		h.sieve = everything{}
	}
	return h
}

func (h *hosts) knows(host string) bool {
	h.mu.RLock() // want `this RLock takes h.mu, which its caller \(\*hosts\).add has held since line \d+: it waits for ever`
	defer h.mu.RUnlock()
	return h.names[host]
}

func (h *hosts) add(host string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.sieve.keeps(host) {
		return false
	}
	h.names[host] = true
	return true
}

// A lodge makes its members and its rooms, which know each other, as parts of itself.
type lodge struct {
	members *members
	rooms   *rooms
}

func foundLodge() *lodge {
	c := &lodge{members: &members{in: make(map[string]string)}, rooms: &rooms{size: make(map[string]int)}}
	c.members.rooms = c.rooms
	c.rooms.members = c.members
	return c
}

type members struct {
	mu    sync.Mutex
	in    map[string]string
	rooms *rooms
}

type rooms struct {
	mu      sync.Mutex
	size    map[string]int
	members *members
}

func (m *members) note(who, room string) {
	m.mu.Lock() // want `this Lock waits for r.members.mu while r.mu is held since line \d+; \(\*members\).leave takes them the other way round on line \d+: two goroutines can wait for each other for ever`
	defer m.mu.Unlock()
	m.in[who] = room
}

func (m *members) leave(who string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rooms.drop(m.in[who])
	delete(m.in, who)
}

func (r *rooms) join(who, room string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.members.note(who, room)
	r.size[room]++
}

func (r *rooms) drop(room string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.size[room]--
}
