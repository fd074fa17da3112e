package silent

import "sync"

// Each of many has the lock at once, by a function that leaves it with its caller.
type Lease struct {
	mu   sync.RWMutex
	over bool
}

func NewLease() *Lease { return &Lease{} }

func (l *Lease) Take() bool {
	l.mu.RLock()
	if l.over {
		l.mu.RUnlock()
		return false
	}
	return true
}

func (l *Lease) GiveBack() { l.mu.RUnlock() }

func (l *Lease) End() {
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
}
