package a

import "sync"

type store struct {
	mu    sync.Mutex
	rw    sync.RWMutex
	only  sync.RWMutex
	items map[string]int
	next  *store
	subs  []*store
}

func (s *store) typo() {
	s.mu.Lock()
	s.items["a"]++
	s.mu.Lock() // want `this Lock takes s.mu, which is held since line 15: it waits for ever`
}

func (s *store) upgrade() {
	s.rw.RLock()
	defer s.rw.RUnlock()
	if s.items == nil {
		s.rw.Lock() // want `this Lock takes s.rw, which is read-locked since line 21: it waits for ever`
		s.items = make(map[string]int)
		s.rw.Unlock()
	}
}

func (s *store) upgradeWell() {
	s.rw.RLock()
	missing := s.items == nil
	s.rw.RUnlock()
	if missing {
		s.rw.Lock()
		s.items = make(map[string]int)
		s.rw.Unlock()
	}
}

func (s *store) size() int {
	s.mu.Lock() // want `this Lock takes s.mu, which its caller \(\*store\).full has held since line 48: it waits for ever`
	defer s.mu.Unlock()
	return len(s.items)
}

func (s *store) full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.deep() > 10
}

func (s *store) deep() int { return s.size() + 1 }

func (s *store) subSize() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.subs {
		n += t.count() // another store
	}
	return n + s.next.count()
}

func (s *store) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.items)
}

// refill is called with s.mu held, and lets go of it while it works.
func (s *store) refill() {
	s.mu.Unlock()
	step()
	s.mu.Lock()
}

func (s *store) use() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refill()
	s.items["a"]++
}

// add locks only for those who have not.
func (s *store) add(key string, locked bool) {
	if !locked {
		s.mu.Lock()
		defer s.mu.Unlock()
	}
	s.items[key]++
}

func (s *store) addTwo() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add("a", true)
	s.add("b", true)
}

func (s *store) addAlone() { s.add("a", false) }

// Nobody ever locks it for writing.
func (s *store) readTwice() int {
	s.only.RLock()
	defer s.only.RUnlock()
	return s.readOnce()
}

func (s *store) readOnce() int {
	s.only.RLock()
	defer s.only.RUnlock()
	return len(s.items)
}

func (s *store) readers() int {
	s.rw.RLock()
	defer s.rw.RUnlock()
	s.rw.RLock() // want `this RLock takes s.rw, which is read-locked since line 116; a Lock that waits in between makes both wait for ever`
	defer s.rw.RUnlock()
	return len(s.items)
}

func (s *store) inTurn() int {
	s.rw.RLock()
	n := len(s.items)
	s.rw.RUnlock()
	s.rw.RLock()
	n += len(s.items)
	s.rw.RUnlock()
	return n
}

// In a goroutine of its own, it only waits.
func (s *store) later() {
	s.mu.Lock()
	defer s.mu.Unlock()
	go s.count()
}

func parallel() {
	var mu sync.Mutex
	mu.Lock()
	go func() {
		step()
		mu.Unlock()
	}()
	mu.Lock() // waits for the goroutine
	mu.Unlock()
}

// The flag that decides is the one that it was locked by.
func (s *store) addSome(locked *bool) {
	if *locked {
		s.mu.Lock()
		defer s.mu.Unlock()
	}
	s.add("c", *locked)
}

type gauge struct {
	mu   sync.Mutex
	a, b int
}

// Both hold of what is above ten.
func (g *gauge) set(n int) {
	if n > 0 {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.a = n
	}
	if n > 10 {
		g.mu.Lock() // want `this Lock takes g.mu, which is held since line`
		defer g.mu.Unlock()
		g.b = n
	}
}

// A request for a ticket that brings none asks for another one.
type counter struct {
	mu     sync.Mutex
	ticket string
}

func (c *counter) current() string {
	c.mu.Lock() // want `this Lock takes c.mu, which its caller \(\*counter\).current has held since line \d+: it waits for ever`
	defer c.mu.Unlock()
	if c.ticket == "" {
		c.ticket = c.ask("renew")
	}
	return c.ticket
}

func (c *counter) ask(what string) string {
	if what != "" {
		what += c.current()
	}
	return what
}

// Rules say how a ledger of loans is kept.
type Rules struct {
	Most  int
	Audit func(string)
}

type Loans struct {
	rules Rules
	mu    sync.RWMutex
	out   []string
}

func NewLoans(r Rules) *Loans {
	if r.Most == 0 {
		r.Most = 10
	}
	return &Loans{rules: r}
}

func (l *Loans) Lend(book string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.out = append(l.out, book)
	l.audit(book)
}

func (l *Loans) audit(book string) {
	if l.rules.Audit == nil {
		return
	}
	if l.Count() > 3 {
		l.rules.Audit(book)
	}
}

func (l *Loans) Count() int {
	l.mu.RLock() // want `this RLock takes l.mu, which its caller \(\*Loans\).Lend has held since line \d+: it waits for ever`
	defer l.mu.RUnlock()
	return len(l.out)
}
