package a

import (
	"errors"
	"locker"
)

type shelf struct {
	mu   locker.Mutex
	file locker.File
	n    int
}

func (s *shelf) take() error {
	s.mu.Lock() // want `s.mu is still locked when the function returns on line 17: the next Lock of it waits for ever`
	if s.n == 0 {
		return errors.New("empty")
	}
	s.n--
	s.mu.Unlock()
	return nil
}

func (s *shelf) save() error {
	s.file.Lock()
	if s.n == 0 {
		return errors.New("empty")
	}
	s.file.Unlock()
	return nil
}
