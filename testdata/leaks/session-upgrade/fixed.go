//go:build ignore

// The read lock is released before the lock is taken for writing.

package main

import "sync"

type session struct{ user string }

type sessions struct {
	sync.RWMutex
	byUser map[string]*session
}

func (s *sessions) insert(user string) *session {
	s.Lock()
	defer s.Unlock()
	n := &session{user}
	s.byUser[user] = n
	return n
}

// Get returns the session of a user, a new one if there is none.
func (s *sessions) Get(user string) *session {
	s.RLock()
	n, ok := s.byUser[user]
	s.RUnlock()
	if ok {
		return n
	}
	return s.insert(user)
}

func run() {
	s := &sessions{byUser: make(map[string]*session)}
	go s.Get("ann")
}
