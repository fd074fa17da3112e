package silent

import "sync"

// Bits may be used by many at once; nobody here takes two of them in both orders but a test,
// which does the one after the other.
type Bits struct {
	mu  sync.Mutex
	set []uint64
}

func (b *Bits) Copy(from *Bits) {
	b.mu.Lock()
	from.mu.Lock()
	copy(b.set, from.set)
	from.mu.Unlock()
	b.mu.Unlock()
}
