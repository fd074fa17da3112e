//go:build ignore

// A read under the read lock calls the reader that locks, and a writer may come
// between the two.
//
// leak: stucklock recursive-rlock: reported

package main

import (
	"sync"
	"time"
)

type state interface {
	SetOrDefault(container string) []int
	Default() []int
	SetDefault(cpus []int)
}

type memoryState struct {
	sync.RWMutex
	assigned map[string][]int
	rest     []int
}

func (s *memoryState) Set(container string) ([]int, bool) {
	s.RLock()
	defer s.RUnlock()
	time.Sleep(100 * time.Microsecond)
	cpus, ok := s.assigned[container]
	return cpus, ok
}

func (s *memoryState) Default() []int {
	s.RLock()
	defer s.RUnlock()
	return s.rest
}

func (s *memoryState) SetOrDefault(container string) []int {
	s.RLock()
	defer s.RUnlock()
	if cpus, ok := s.Set(container); ok {
		return cpus
	}
	return s.Default()
}

func (s *memoryState) SetDefault(cpus []int) {
	s.Lock()
	defer s.Unlock()
	s.rest = cpus
}

type staticPolicy struct{}

func (staticPolicy) RemoveContainer(s state) { s.SetDefault(append(s.Default(), 1)) }

type manager struct{ state state }

func (m *manager) reconcile(containers []string) (n int) {
	for _, c := range containers {
		n += len(m.state.SetOrDefault(c))
	}
	return n
}

func run() {
	for range 20 {
		s := &memoryState{assigned: map[string][]int{"a": {0}}}
		m := &manager{state: s}
		go m.reconcile([]string{"a", "b", "c", "d"})
		time.Sleep(50 * time.Microsecond)
		go staticPolicy{}.RemoveContainer(s)
	}
}
