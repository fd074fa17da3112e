package exits

import "sync"

// Lanes run the jobs of each key in order.
type Lanes[K comparable] struct {
	mu    sync.Mutex
	lanes map[K]*lane
}

type lane struct{ jobs chan func() }

func (l *lane) work() {
	for job := range l.jobs { // want `this range never ends for what Forget deletes from lanes: it does not close l.jobs, which nobody can reach any more`
		job()
	}
}

func NewLanes[K comparable]() *Lanes[K] {
	return &Lanes[K]{lanes: make(map[K]*lane)}
}

func (q *Lanes[K]) Submit(key K, job func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	l, ok := q.lanes[key]
	if !ok {
		l = &lane{jobs: make(chan func(), 8)}
		q.lanes[key] = l
		go l.work()
	}
	select {
	case l.jobs <- job:
	default:
	}
}

// Stop ends all of them.
func (q *Lanes[K]) Stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for key, l := range q.lanes {
		close(l.jobs)
		delete(q.lanes, key)
	}
}

// Forget leaves the goroutine of the key behind.
func (q *Lanes[K]) Forget(key K) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.lanes, key)
}

// Trays end with what is taken out.
type Trays struct {
	mu    sync.Mutex
	trays map[string]*tray
}

type tray struct {
	jobs chan func()
	of   *Trays
	name string
}

func (t *tray) work() {
	for job := range t.jobs {
		job()
	}
	t.of.Remove(t.name)
}

func (t *Trays) Submit(name string, job func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	x := &tray{jobs: make(chan func(), 8), of: t, name: name}
	t.trays[name] = x
	go x.work()
	x.jobs <- job
	close(x.jobs)
}

// Remove is for who has ended.
func (t *Trays) Remove(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.trays, name)
}

// Desks close what they forget.
type Desks struct {
	mu    sync.Mutex
	desks map[string]*desk
}

type desk struct{ jobs chan func() }

func (d *desk) work() {
	for job := range d.jobs {
		job()
	}
}

func (d *Desks) Open(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	x := &desk{jobs: make(chan func(), 8)}
	d.desks[name] = x
	go x.work()
}

func (d *Desks) Forget(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if x, ok := d.desks[name]; ok {
		close(x.jobs)
		delete(d.desks, name)
	}
}

// Who drops a booth has closed it before.
type Booths struct {
	mu     sync.Mutex
	booths map[string]*booth
}

type booth struct{ jobs chan func() }

func (b *booth) work() {
	for job := range b.jobs {
		job()
	}
}

func (b *Booths) Open(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	x := &booth{jobs: make(chan func(), 8)}
	b.booths[name] = x
	go x.work()
}

func (b *Booths) Stop(name string) {
	b.mu.Lock()
	x := b.booths[name]
	b.mu.Unlock()
	if x != nil {
		close(x.jobs)
		b.Drop(name)
	}
}

func (b *Booths) Drop(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.booths, name)
}

// Guests are closed by who has let them in.
type Guests struct {
	mu     sync.Mutex
	guests map[string]*Guest
}

type Guest struct{ jobs chan func() }

func (g *Guest) work() {
	for job := range g.jobs {
		job()
	}
}

func (g *Guest) Close() { close(g.jobs) }

func (g *Guests) Join(name string) *Guest {
	g.mu.Lock()
	defer g.mu.Unlock()
	x := &Guest{jobs: make(chan func(), 8)}
	g.guests[name] = x
	go x.work()
	return x
}

func (g *Guests) Leave(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.guests, name)
}
