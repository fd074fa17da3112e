//go:build ignore

// Whoever sets a status sends it with the lock held, and the one who takes it
// needs the lock before it can take the next.
//
// leak: stucklock blocked-holding: reported

package main

import (
	"sync"
	"time"
)

type podStatus struct {
	pod   string
	phase string
}

type statusManager struct {
	mu       sync.RWMutex
	statuses map[string]podStatus
	changed  chan podStatus
}

func newStatusManager() *statusManager {
	return &statusManager{statuses: make(map[string]podStatus), changed: make(chan podStatus)}
}

// Start syncs n changes.
func (m *statusManager) Start(n int) {
	go func() {
		for range n {
			m.syncBatch()
		}
	}()
}

func (m *statusManager) syncBatch() {
	st := <-m.changed
	time.Sleep(100 * time.Microsecond) // tell the server
	if st.phase == "gone" {
		m.Delete(st.pod)
	}
}

func (m *statusManager) Delete(pod string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.statuses, pod)
}

func (m *statusManager) Set(st podStatus) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.statuses[st.pod] = st
	m.changed <- st
}

func run() {
	for range 10 {
		m := newStatusManager()
		m.Start(2)
		go m.Set(podStatus{"a", "gone"})
		go m.Set(podStatus{"b", "gone"})
	}
}
