//go:build ignore

// Shutdown gives the lock back before it waits for the prints.

package main

import (
	"sync"
	"time"
)

type spool struct {
	mu     sync.Mutex
	active map[int]string
	next   int
	down   bool
	prints sync.WaitGroup
}

func (s *spool) submit(title string, pages int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return false
	}
	s.next++
	s.active[s.next] = title
	s.prints.Add(1)
	go s.print(s.next, pages)
	return true
}

func (s *spool) print(id, pages int) {
	defer s.prints.Done()
	defer func() {
		s.mu.Lock()
		delete(s.active, id)
		s.mu.Unlock()
	}()
	for range pages {
		time.Sleep(time.Millisecond)
	}
}

func (s *spool) shutdown() {
	s.mu.Lock()
	s.down = true
	s.mu.Unlock()
	s.prints.Wait()
}

func run() {
	s := &spool{active: make(map[int]string)}
	for i, title := range []string{"report", "poster", "letter"} {
		s.submit(title, 3*i+2)
	}
	s.shutdown()
}
