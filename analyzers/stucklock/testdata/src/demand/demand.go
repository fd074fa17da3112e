package demand

import "sync"

type store struct {
	mu sync.Mutex
	n  int
}

func (s *store) add(locked bool) {
	if !locked {
		s.mu.Lock() // want `this Lock takes s.mu, which its caller \(\*store\).addBoth has held since line 19: it waits for ever`
		defer s.mu.Unlock()
	}
	s.n++
}

func (s *store) addBoth(locked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(locked)
}
