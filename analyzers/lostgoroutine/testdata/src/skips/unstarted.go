package skips

import (
	"errors"
	"sync"
	"time"
)

// Sampler takes samples once it has begun. End may come before Begin, which fails then.

type Sampler struct {
	mu    sync.Mutex
	begun bool
	ended bool
	enough,
	over chan struct{}
}

func NewSampler() *Sampler {
	return &Sampler{enough: make(chan struct{}), over: make(chan struct{})}
}

func (s *Sampler) Begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun || s.ended {
		return errors.New("begun or ended before")
	}
	s.begun = true
	go s.sample()
	return nil
}

func (s *Sampler) sample() {
	defer close(s.over)
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			_ = try(1)
		case <-s.enough:
			return
		}
	}
}

func (s *Sampler) End() {
	s.mu.Lock()
	first := !s.ended
	s.ended = true
	s.mu.Unlock()
	if first {
		close(s.enough)
	}
	<-s.over // want `this receive blocks forever unless Begin has started the goroutine at line 30, which alone closes s.over: it refuses to when ended is set, so this may come first; ask whether it is started`
}

// Careful waits only if it has begun.

type Careful struct {
	mu    sync.Mutex
	begun bool
	ended bool
	enough,
	over chan struct{}
}

func NewCareful() *Careful {
	return &Careful{enough: make(chan struct{}), over: make(chan struct{})}
}

func (s *Careful) Begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun || s.ended {
		return errors.New("begun or ended before")
	}
	s.begun = true
	go s.sample()
	return nil
}

func (s *Careful) sample() {
	defer close(s.over)
	<-s.enough
}

func (s *Careful) End() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	s.ended = true
	close(s.enough)
	if s.begun {
		<-s.over
	}
}

// Paired has an End for each Begin, as far as is known.

type Paired struct {
	mu    sync.Mutex
	begun bool
	enough,
	over chan struct{}
}

func NewPaired() *Paired {
	return &Paired{enough: make(chan struct{}), over: make(chan struct{})}
}

func (s *Paired) Begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun {
		return errors.New("begun before")
	}
	s.begun = true
	go s.sample()
	return nil
}

func (s *Paired) sample() {
	defer close(s.over)
	<-s.enough
}

func (s *Paired) End() {
	close(s.enough)
	<-s.over
}

// Who ends this one before it has begun gets no further than stop.

type Abrupt struct {
	mu    sync.Mutex
	begun bool
	ended bool
	stop  func()
	over  chan struct{}
}

func NewAbrupt() *Abrupt { return &Abrupt{over: make(chan struct{})} }

func (s *Abrupt) Begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun || s.ended {
		return errors.New("begun or ended before")
	}
	s.begun = true
	enough := make(chan struct{})
	s.stop = sync.OnceFunc(func() { close(enough) })
	go s.sample(enough)
	return nil
}

func (s *Abrupt) sample(enough <-chan struct{}) {
	defer close(s.over)
	<-enough
}

func (s *Abrupt) End() {
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.stop()
	<-s.over
}
