//go:build ignore

// Who finds no session while reading wants to make one, and takes the lock for
// writing before the read lock is released.
//
// leak: stucklock double-lock: reported

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
	defer s.RUnlock()
	if n, ok := s.byUser[user]; ok {
		return n
	}
	return s.insert(user)
}

func run() {
	s := &sessions{byUser: make(map[string]*session)}
	go s.Get("ann")
}
