package a

import (
	"errors"
	"slices"
	"sync"
)

// ring calls what it is given with its lock held.
type ring struct {
	mu    sync.RWMutex
	slots []int
	names map[string]int
}

func (r *ring) locked(fn func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fn()
}

func (r *ring) lockedTwice(fn func()) { r.locked(fn) }

func (r *ring) view(fn func(slots []int) error) error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return fn(r.slots)
}

// unlocked has let go before it calls back.
func (r *ring) unlocked(fn func()) {
	r.mu.Lock()
	r.slots = nil
	r.mu.Unlock()
	fn()
}

// sometimes holds the lock on one of two ways only.
func (r *ring) sometimes(hold bool, fn func()) {
	if hold {
		r.mu.Lock()
		defer r.mu.Unlock()
	}
	fn()
}

// started lets another goroutine call back.
func (r *ring) started(fn func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	go fn()
}

func (r *ring) size() int {
	r.mu.RLock() // want `this RLock takes r.mu, which \(\*ring\).locked has held since line 17 when it calls the function that it is given: it waits for ever`
	defer r.mu.RUnlock()
	return len(r.slots)
}

func (r *ring) clear() {
	r.mu.Lock() // want `this Lock takes r.mu, which \(\*ring\).locked has held since line 17 when it calls the function that it is given: it waits for ever`
	r.slots = nil
	r.mu.Unlock()
}

func (r *ring) grow() {
	r.locked(func() {
		if r.size() < 10 {
			r.slots = append(r.slots, 1)
		}
	})
}

func (r *ring) shrink() {
	done := func() { r.clear() }
	r.lockedTwice(done)
}

func (r *ring) sum() (n int, err error) {
	err = r.view(func(slots []int) error { // want `this call of \(\*ring\).view leads to the RLock on line 55, which takes r.mu, which \(\*ring\).view has read-locked since line 25 when it calls the function that it is given; a Lock that waits in between makes both wait for ever`
		for range slots {
			n += r.size()
		}
		return nil
	})
	return n, err
}

func (r *ring) fine(other *ring) {
	r.locked(func() { other.slots = nil })
	r.locked(func() { other.size() })
	r.unlocked(func() { r.clear() })
	r.sometimes(false, func() { r.clear() })
	r.started(func() { r.clear() })
	_ = r.view(func(slots []int) error {
		if len(slots) > 3 {
			return errors.New("too long")
		}
		return nil
	})
}

// A function of the standard library calls back before it returns.
func (r *ring) sorted() {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.SortFunc(r.slots, func(a, b int) int {
		return r.rank(a) - r.rank(b)
	})
}

func (r *ring) rank(v int) int {
	r.mu.Lock() // want `this Lock takes r.mu, which its caller \(\*ring\).sorted has held since line 105: it waits for ever`
	defer r.mu.Unlock()
	return r.slots[v]
}

// drawer hands its callers the function that unlocks it.
type drawer struct {
	mu   sync.Mutex
	rw   sync.RWMutex
	rows map[string]int
}

func (s *drawer) lock() func() {
	s.mu.Lock()
	return s.mu.Unlock
}

func (s *drawer) rlock() (release func()) {
	s.rw.RLock()
	return func() { s.rw.RUnlock() }
}

func (s *drawer) tryLock(key string) (func(), error) {
	s.mu.Lock()
	if _, ok := s.rows[key]; !ok {
		s.mu.Unlock()
		return nil, errors.New("no row")
	}
	return s.mu.Unlock, nil
}

// through hands on what it was handed.
func (s *drawer) through() func() { return s.lock() }

func (s *drawer) add(key string) error {
	unlock := s.lock() // want `s.mu is still locked when the function returns on line 150: the next Lock of it waits for ever`
	if s.rows[key] > 0 {
		return errors.New("twice")
	}
	s.rows[key]++
	unlock()
	return nil
}

func (s *drawer) get(key string) (int, error) {
	release := s.rlock() // want `s.rw is still locked when the function returns on line 161: the next Lock of it waits for ever`
	v, ok := s.rows[key]
	if !ok {
		return 0, errors.New("none")
	}
	release()
	return v, nil
}

func (s *drawer) outer(key string) bool {
	unlock := s.through() // want `s.mu is still locked when the function returns on line 170: the next Lock of it waits for ever`
	if s.rows[key] == 0 {
		return false
	}
	unlock()
	return true
}

// The same method value that others hand out does not excuse this.
func (s *drawer) plain(key string) bool {
	s.rw.RLock() // want `s.rw is still locked when the function returns on line 180: the next Lock of it waits for ever`
	if s.rows[key] == 0 {
		return false
	}
	s.rw.RUnlock()
	return true
}

func (s *drawer) deferred(key string) int {
	defer s.lock()()
	return s.rows[key]
}

func (s *drawer) named(key string) int {
	unlock := s.lock()
	defer unlock()
	if s.rows[key] == 0 {
		return 0
	}
	return s.rows[key]
}

func (s *drawer) wrapped(key string) int {
	unlock := s.lock()
	defer func() {
		s.rows[key]++
		unlock()
	}()
	if s.rows[key] == 0 {
		return 0
	}
	return s.rows[key]
}

func (s *drawer) tried(key string) error {
	unlock, err := s.tryLock(key)
	if err != nil {
		return err
	}
	defer unlock()
	s.rows[key]++
	return nil
}

type lease struct{ release func() }

// hold gives the function to somebody else.
func (s *drawer) hold(key string) *lease {
	unlock := s.lock()
	if s.rows[key] == 0 {
		unlock()
		return nil
	}
	return &lease{release: unlock}
}

func (s *drawer) keep(key string, all *[]func()) {
	unlock := s.lock()
	if s.rows[key] == 0 {
		unlock()
		return
	}
	*all = append(*all, unlock)
}
