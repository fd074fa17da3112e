//go:build ignore

// A reader that holds the read lock reads the configuration again further
// down; a writer that asks in between locks both out.
//
// leak: stucklock recursive-rlock: reported

package main

import (
	"sync"
	"time"
)

type settings struct {
	mu      sync.RWMutex
	changed *sync.Cond // on the read side of mu
	limits  map[string]int
}

func newSettings() *settings {
	s := &settings{limits: map[string]int{"rows": 10}}
	s.changed = sync.NewCond(s.mu.RLocker())
	return s
}

func (s *settings) Limit(name string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.limitLocked(name)
}

func (s *settings) limitLocked(name string) int { return s.limits[name] }

func (s *settings) Update(name string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits[name] = n
	s.changed.Broadcast()
}

type statement struct{ text string }

type executor struct{ settings *settings }

func (e *executor) Exec(st statement) int {
	e.settings.changed.L.Lock()
	defer e.settings.changed.L.Unlock()
	return e.attempt(st)
}

func (e *executor) attempt(st statement) int {
	time.Sleep(time.Millisecond)
	return e.plan(st)
}

func (e *executor) plan(st statement) int {
	return min(len(st.text), e.settings.Limit("rows"))
}

func run() {
	for range 20 {
		e := &executor{settings: newSettings()}
		go e.Exec(statement{"select"})
		go func() {
			time.Sleep(200 * time.Microsecond)
			e.settings.Update("rows", 5)
		}()
	}
}
