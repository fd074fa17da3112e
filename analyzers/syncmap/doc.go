// Package syncmap defines a check for maps of package sync that are only written.
//
// # Analyzer syncmap
//
// syncmap: sync.Map that is written and never looked up
//
// A sync.Map is made for keys that are written once and read often. Each Store allocates
// an entry and boxes key and value: up to 3 allocations, where a map with a mutex writes
// in place (write-mostly).
//
//	type wrongTracker struct {
//		seen sync.Map
//	}
//
//	func (t *wrongTracker) record(users []int, now int64) {
//		for _, u := range users {
//			t.seen.Store(u, now) // allocates on every iteration
//		}
//	}
//
//	type rightTracker struct {
//		mu   sync.Mutex
//		seen map[int]int64
//	}
//
//	func (t *rightTracker) record(users []int, now int64) {
//		t.mu.Lock()
//		defer t.mu.Unlock()
//		for _, u := range users {
//			t.seen[u] = now
//		}
//	}
//
// A method that stores on every call is followed to its callers in other packages.
//
// The check is off by default: where many goroutines write keys of their own, a lock may
// cost more than it saves. Measure.
//
// Not reported: maps of which anything is looked up (Load, LoadOrStore and the like),
// that are ranged over as often as they are written, that other packages can see or
// that are handed on, and stores that happen seldom.
//
// To silence one finding, put a comment at the end of its line or above it:
//
//	t.seen.Store(u, now) //nolint:syncmap // a lock would be contended
package syncmap
