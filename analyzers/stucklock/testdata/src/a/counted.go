package a

import "sync"

type radio struct {
	mu      sync.Mutex
	opening sync.WaitGroup
	open    bool
}

// It counts itself, and no more, while it has the lock: who has the lock then finds nothing to wait for.
func (s *radio) start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opening.Add(1)
	err := try()
	s.open = err == nil
	s.opening.Done()
	return err
}

func (s *radio) waitOpen() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opening.Wait()
	return s.open
}

type telex struct {
	mu      sync.Mutex
	opening sync.WaitGroup
	open    bool
}

// Counted before it has the lock.
func (d *telex) start() error {
	d.opening.Add(1)
	d.mu.Lock()
	defer d.mu.Unlock()
	err := try()
	d.open = err == nil
	d.opening.Done()
	return err
}

func (d *telex) waitOpen() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opening.Wait() // want `this Wait waits while d.mu is held since line \d+, and the Done on line \d+ needs that lock first: both wait for ever`
	return d.open
}

type beacon struct {
	mu      sync.Mutex
	opening sync.WaitGroup
	open    bool
}

// The lock is free in between.
func (y *beacon) start() error {
	y.mu.Lock()
	y.opening.Add(1)
	y.mu.Unlock()
	err := try()
	y.mu.Lock()
	defer y.mu.Unlock()
	y.open = err == nil
	y.opening.Done()
	return err
}

func (y *beacon) waitOpen() bool {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.opening.Wait() // want `this Wait waits while y.mu is held since line \d+, and the Done on line \d+ needs that lock first: both wait for ever`
	return y.open
}

func Openings() {
	var s radio
	go s.start()
	s.waitOpen()
	var d telex
	go d.start()
	d.waitOpen()
	var y beacon
	go y.start()
	y.waitOpen()
}
