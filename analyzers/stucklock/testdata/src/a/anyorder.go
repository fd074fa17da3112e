package a

import "sync"

// Stock is a store of parts.
type Stock struct {
	mu    sync.RWMutex
	parts map[string]int
	total int
}

// Ship moves n parts to another store.
func (s *Stock) Ship(to *Stock, part string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	to.mu.Lock() // want `this Lock waits for to.mu while s.mu is held since line 14; a caller that passes the two the other way round and this one can wait for each other for ever: lock them in an order of their own, as by an id`
	defer to.mu.Unlock()
	s.parts[part] -= n
	to.parts[part] += n
}

// Exchange swaps what two stores have.
func Exchange(a, b *Stock) {
	a.mu.Lock()
	b.mu.Lock() // want `this Lock waits for b.mu while a.mu is held since line 24; a caller that passes`
	a.total, b.total = b.total, a.total
	b.mu.Unlock()
	a.mu.Unlock()
}

// Count only reads one of the two: there is a whole and a part.
func (s *Stock) Count(from *Stock) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from.mu.Lock()
	defer from.mu.Unlock()
	s.total += from.total
}

// SwapFirst has callers that are known.
func SwapFirst(all *Stock, one *Stock) {
	all.mu.Lock()
	one.mu.Lock()
	all.total, one.total = one.total, all.total
	one.mu.Unlock()
	all.mu.Unlock()
}

func rotate(all *Stock) {
	SwapFirst(all, &Stock{})
}

// Branch is a part of another one.
type Branch struct {
	mu     sync.Mutex
	parent *Branch
	leaves int
}

// Graft takes leaves from a branch below.
func (b *Branch) Graft(below *Branch, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	below.mu.Lock()
	defer below.mu.Unlock()
	b.leaves += n
	below.leaves -= n
}
