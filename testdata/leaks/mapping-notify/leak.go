//go:build ignore

// The addresses are cleared under the write lock, and who is told about it reads
// under the read lock.
//
// leak: stucklock double-lock: reported

package main

import "sync"

type subscriber func(m *mapping, removed []string)

type mapping struct {
	mu          sync.RWMutex
	addresses   map[string]string
	subscribers []subscriber
}

func (m *mapping) OnChange(s subscriber) {
	m.mu.Lock()
	m.subscribers = append(m.subscribers, s)
	m.mu.Unlock()
}

func (m *mapping) set(id, addr string) {
	m.mu.Lock()
	m.addresses[id] = addr
	m.mu.Unlock()
}

func (m *mapping) clear() {
	m.mu.Lock()
	var removed []string
	for id, addr := range m.addresses {
		removed = append(removed, addr)
		delete(m.addresses, id)
	}
	if len(removed) > 0 {
		m.notify(removed)
	}
	m.mu.Unlock()
}

func (m *mapping) notify(removed []string) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, s := range m.subscribers {
		s(m, removed)
	}
}

type natService struct {
	mu       sync.RWMutex
	mappings []*mapping
}

func (s *natService) New() *mapping {
	m := &mapping{addresses: make(map[string]string)}
	s.mu.Lock()
	s.mappings = append(s.mappings, m)
	s.mu.Unlock()
	return m
}

func (s *natService) Remove(m *mapping) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, existing := range s.mappings {
		if existing == m {
			s.mappings = append(s.mappings[:i], s.mappings[i+1:]...)
			m.clear()
			return
		}
	}
}

func run() {
	s := &natService{}
	m := s.New()
	m.set("upnp", "198.51.100.7")
	s.Remove(m)
}
