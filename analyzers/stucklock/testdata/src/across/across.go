// Package across calls methods that take locks which are held.
package across

import (
	"sync"

	"store"
)

func expire(t *store.Table) {
	t.Each(func(k string, v int) bool {
		if v == 0 {
			t.Delete(k) // want `this call of Delete takes t.mu, which Each has held when it calls the function that it is given: it waits for ever`
		}
		return true
	})
}

type server struct {
	mu    sync.Mutex
	table *store.Table
}

func (s *server) drop() {
	s.table.View(func(k string) {
		s.table.Drop(k) // want `this call of Drop takes s.table.mu, which View has read-locked when it calls the function that it is given: it waits for ever`
	})
}

func sum(t *store.Table) (n int) {
	t.View(func(k string) {
		n += t.Get(k) // want `this call of Get takes t.mu, which View has read-locked when it calls the function that it is given; a Lock that waits in between makes both wait for ever`
	})
	return n
}

// The lock is free by then.
func expireKeys(t *store.Table) {
	t.Keys(func(k string) { t.Delete(k) })
}

func expireLater(t *store.Table) {
	var old []string
	t.Each(func(k string, v int) bool {
		old = append(old, k)
		return true
	})
	for _, k := range old {
		t.Delete(k)
	}
}

// Another table.
func move(from, to *store.Table) {
	from.Each(func(k string, v int) bool {
		to.Delete(k)
		return true
	})
}

// Another goroutine.
func expireBeside(t *store.Table) {
	t.Each(func(k string, v int) bool {
		go t.Delete(k)
		go func() { t.Delete(k) }()
		return true
	})
}

// It is told that the lock is held.
func double(t *store.Table) {
	t.Each(func(k string, v int) bool {
		t.Put(k, 2*v, true)
		return true
	})
}

// A lock of a part, which has the same name.
func note(b *store.Book) {
	b.Each(func(k string) { b.Add(k) })
}

func fill(b *store.Box) {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	if b.Level() == 0 {
		b.Fill() // want `this call of Fill takes b.Mu, which is held since line \d+: it waits for ever`
	}
}

func fillWell(b *store.Box) {
	b.Mu.Lock()
	n := b.Level()
	b.Mu.Unlock()
	if n == 0 {
		b.Fill()
	}
}

func fillOther(b, c *store.Box) {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	c.Fill()
}
