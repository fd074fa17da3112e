//go:build ignore

// Both have room for what comes too late.

package main

import (
	"errors"
	"time"
)

type object struct{ name string }

var errTimeout = errors.New("the request took too long")

// finish runs fn, but does not wait longer than timeout.
func finish(timeout time.Duration, fn func() (*object, error)) (*object, error) {
	results := make(chan *object, 1)
	errs := make(chan error, 1)
	go func() {
		if obj, err := fn(); err != nil {
			errs <- err
		} else {
			results <- obj
		}
	}()
	select {
	case obj := <-results:
		return obj, nil
	case err := <-errs:
		return nil, err
	case <-time.After(timeout):
		return nil, errTimeout
	}
}

type storage struct {
	objects map[string]*object
	latency time.Duration
}

func (s *storage) Create(name string) (*object, error) {
	return finish(time.Millisecond, func() (*object, error) {
		time.Sleep(s.latency)
		if s.objects[name] != nil {
			return nil, errors.New(name + " exists")
		}
		return &object{name}, nil
	})
}

func run() {
	s := &storage{objects: map[string]*object{"a": {"a"}}, latency: 5 * time.Millisecond}
	s.Create("a")
	s.Create("b")
}
