package a

import "sync"

// A group locks its members, and a member the group that it was made in.
type group struct {
	mu      sync.Mutex
	members map[string]*member
	n       int
}

type member struct {
	mu   sync.Mutex
	in   *group
	name string
}

func (g *group) Join(name string) *member {
	g.mu.Lock()
	defer g.mu.Unlock()
	m := &member{in: g, name: name}
	g.members[name] = m
	return m
}

func (g *group) Greet() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, m := range g.members {
		m.greet()
	}
}

func (m *member) greet() {
	m.mu.Lock() // want `this Lock waits for mu while g.mu is held since line 27; \(\*member\).Leave takes them the other way round on line 47`
	defer m.mu.Unlock()
	m.name += "!"
}

func (m *member) Leave() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.in.remove(m.name)
}

func (g *group) remove(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.members, name)
}

// A guest may be in another house by the time it leaves.
type house struct {
	mu     sync.Mutex
	guests []*guest
}

type guest struct {
	mu sync.Mutex
	at *house
}

func (h *house) Clean() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, g := range h.guests {
		g.mu.Lock()
		g.mu.Unlock()
	}
}

func (g *guest) Move(to *house) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.at = to
}

func (g *guest) Complain() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.at.hear()
}

func (h *house) hear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.guests = nil
}

// A round of a loop leaves the lock of a shard locked.
type shard struct {
	mu    sync.Mutex
	moves bool
	rows  int
}

func rows(shards []*shard) (n int) {
	for _, s := range shards {
		s.mu.Lock() // want `mu is still locked when the function returns on line \d+: the next Lock of it waits for ever`
		if s.moves {
			continue
		}
		n += s.rows
		s.mu.Unlock()
	}
	return n
}

// All are locked, and all unlocked.
func sum(shards []*shard) (n int) {
	for _, s := range shards {
		s.mu.Lock()
	}
	for _, s := range shards {
		n += s.rows
	}
	for _, s := range shards {
		s.mu.Unlock()
	}
	return n
}

// Hand over hand.
type link struct {
	mu   sync.Mutex
	next *link
	n    int
}

func (l *link) sum() (n int) {
	l.mu.Lock()
	for {
		n += l.n
		next := l.next
		if next == nil {
			l.mu.Unlock()
			return n
		}
		next.mu.Lock()
		l.mu.Unlock()
		l = next
	}
}

// All that have been passed are unlocked at the end.
func (l *link) find(n int) *link {
	for x := l; x != nil; x = x.next {
		x.mu.Lock()
		defer x.mu.Unlock()
		if x.n == n {
			return x
		}
	}
	return nil
}

// Two goroutines hand one lock to each other.
func baton(n int) {
	var mu sync.Mutex
	mu.Lock()
	go func() {
		for range n {
			mu.Unlock()
			mu.Lock()
		}
	}()
	for range n {
		mu.Lock()
		mu.Unlock()
	}
}

// The library is only read when books are added: that keeps nobody away.
type archive struct {
	mu    sync.RWMutex
	boxes map[string]*box
}

type box struct {
	mu    sync.RWMutex
	files []int
}

func (b *box) add(file int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.files = append(b.files, file)
}

func (b *box) from(i int) (all []int) {
	if i == len(b.files) {
		return nil
	}
	b.mu.RLock() // want `this RLock takes b.mu, which its caller \(\*box\).from has read-locked since line \d+; a Lock that waits in between`
	defer b.mu.RUnlock()
	all = append(all, b.files[i])
	return append(all, b.from(i+1)...)
}

func (a *archive) Add(name string, file int) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	a.boxes[name].add(file)
}

func (a *archive) All(name string) []int {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.boxes[name].from(0)
}
