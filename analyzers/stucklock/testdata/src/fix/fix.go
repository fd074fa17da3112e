package fix

import (
	"errors"
	"sync"
)

var errClosed = errors.New("closed")

type server struct {
	mu     sync.RWMutex
	closed bool
	n      int
}

func (s *server) add(n int) error {
	s.mu.Lock() // want `s.mu is still locked when the function returns on lines 19, 22`
	if s.closed {
		return errClosed
	}
	if n < 0 {
		return nil
	}
	s.n += n
	s.mu.Unlock()
	return nil
}

func (s *server) show(print func(int)) {
	s.mu.RLock() // want `s.mu is still locked when the function returns on line 37`
	if !s.closed {
		print(s.n)
		s.mu.RUnlock()
		return
	}
	print(0)
}

// What is returned is read under the lock.
func (s *server) count() int {
	s.mu.Lock() // want `s.mu is still locked when the function returns on line 43`
	if s.closed {
		return s.n
	}
	s.mu.Unlock()
	return 0
}

func (s *server) total() (int, error) {
	s.mu.RLock() // want `s.mu is still locked when the function returns on line 52`
	if s.closed {
		return s.n, errClosed
	}
	if s.n == 0 {
		s.mu.RUnlock()
		return 0, nil
	}
	n := s.n
	s.mu.RUnlock()
	return n, nil
}

// What comes after the Unlock must not wait for the lock.
func (s *server) tell(print func(int)) int {
	s.mu.Lock() // want `s.mu is still locked when the function returns on line 67`
	if s.closed {
		return s.n
	}
	s.n++
	s.mu.Unlock()
	print(1)
	return 0
}
