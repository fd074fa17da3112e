package silent

import (
	"sync"
	"sync/atomic"
)

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

// probe stands for *testing.T where package testing is not to be imported.
type probe interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

type recorder struct {
	mu    sync.Mutex
	depth int
	p     probe
}

// Nothing goes on after Fatalf.
func (r *recorder) leave() {
	r.mu.Lock()
	r.depth--
	switch {
	case r.depth < 0:
		r.p.Fatalf("left once too often")
	default:
		r.mu.Unlock()
	}
}

func (r *recorder) enter() {
	r.mu.Lock()
	r.depth++
	r.mu.Unlock()
}

// book looks for a page without the lock first.
type book struct {
	mu    sync.Mutex
	last  atomic.Pointer[string]
	pages map[int]*string
}

func (b *book) page(n int) *string {
	if p := b.last.Load(); p != nil {
		return p
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.pages[n]
}
