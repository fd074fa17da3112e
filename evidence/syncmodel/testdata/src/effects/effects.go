// Package effects has locks that other packages get to meet.
package effects

import "sync"

// A Table keeps rows.
type Table struct {
	mu   sync.RWMutex
	rows map[string]int
	log  Log
}

// Each calls fn with the table locked.
func (t *Table) Each(fn func(string, int) bool) { // want Each:`takes mu, calls parameter 1 with mu held`
	t.mu.Lock()
	defer t.mu.Unlock()
	for k, v := range t.rows {
		if !fn(k, v) {
			return
		}
	}
}

// View calls fn with the table read-locked.
func (t *Table) View(fn func(string)) { // want View:`takes mu, calls parameter 1 with mu held`
	t.mu.RLock()
	defer t.mu.RUnlock()
	for k := range t.rows {
		fn(k)
	}
}

// Keys calls fn when the lock is free again.
func (t *Table) Keys(fn func(string)) { // want Keys:`takes mu`
	t.mu.RLock()
	var keys []string
	for k := range t.rows {
		keys = append(keys, k)
	}
	t.mu.RUnlock()
	for _, k := range keys {
		fn(k)
	}
}

func (t *Table) Delete(k string) { // want Delete:`takes mu`
	t.mu.Lock()
	delete(t.rows, k)
	t.mu.Unlock()
}

// Drop is Delete by another name.
func (t *Table) Drop(k string) { t.Delete(k) } // want Drop:`takes mu`

func (t *Table) Get(k string) int { // want Get:`takes mu`
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.rows[k]
}

// Put locks only if it is asked to.
func (t *Table) Put(k string, v int, locked bool) {
	if !locked {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	t.rows[k] = v
}

// A Log has a lock of its own.
type Log struct {
	mu    sync.Mutex
	lines []string
}

func (l *Log) Add(s string) { // want Add:`takes mu`
	l.mu.Lock()
	l.lines = append(l.lines, s)
	l.mu.Unlock()
}

func (l *Log) Lines(fn func(string)) { // want Lines:`takes mu, calls parameter 1 with mu held`
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.lines {
		fn(s)
	}
}

// A Book is a table with a log.
type Book struct {
	*Log
	mu   sync.Mutex
	rows map[string]int
}

func (b *Book) Each(fn func(string)) { // want Each:`takes mu, calls parameter 1 with mu held`
	b.mu.Lock()
	defer b.mu.Unlock()
	for k := range b.rows {
		fn(k)
	}
}

// A Box is locked by its users.
type Box struct {
	Mu sync.Mutex
	n  int
}

func (b *Box) Fill() { // want Fill:`takes Mu`
	b.Mu.Lock()
	b.n++
	b.Mu.Unlock()
}

// Level needs the lock to be held.
func (b *Box) Level() int { return b.n }
