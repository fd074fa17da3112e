package a

import (
	"errors"
	"strings"
	"sync"
)

type pouch struct {
	mu    sync.Mutex
	id    int
	coins int
}

// A Ledger moves coins between two pouches that its callers choose.
type Ledger struct {
	pouches []*pouch
	byName  map[string]*pouch
}

func (l *Ledger) Move(from, to, n int) error {
	if from == to {
		return nil
	}
	a, b := l.pouches[from], l.pouches[to]
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.coins < n {
		return errors.New("too few")
	}
	b.mu.Lock() // want `this Lock waits for the mu of one element while that of another is held since line \d+; a caller that passes the two the other way round and this one can wait for each other for ever`
	defer b.mu.Unlock()
	a.coins -= n
	b.coins += n
	return nil
}

// Give locks the pouch of the lesser number first.
func (l *Ledger) Give(from, to, n int) {
	a, b := l.pouches[from], l.pouches[to]
	if from > to {
		a, b = b, a
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	l.pouches[from].coins -= n
	l.pouches[to].coins += n
}

// Up goes from the lesser one to the greater one.
func (l *Ledger) Up(from, to, n int) error {
	if from >= to {
		return errors.New("down")
	}
	a, b := l.pouches[from], l.pouches[to]
	a.mu.Lock()
	defer a.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	a.coins -= n
	b.coins += n
	return nil
}

// Next goes round in one direction.
func (l *Ledger) Next(i int) {
	a, b := l.pouches[i], l.pouches[i+1]
	a.mu.Lock()
	defer a.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	a.coins, b.coins = 0, a.coins+b.coins
}

// A Chest has a name, by which those in a hoard are ordered, and lies in another one.
type Chest struct {
	mu    sync.Mutex
	name  string
	in    string
	coins int
}

type Hoard struct{ chests map[string]*Chest }

// Shift compares the names of the chests themselves.
func (h *Hoard) Shift(from, to string) {
	a, b := h.chests[from], h.chests[to]
	if strings.Compare(a.name, b.name) < 0 {
		a.mu.Lock()
		b.mu.Lock()
	} else {
		b.mu.Lock()
		a.mu.Lock()
	}
	b.coins, a.coins = b.coins+a.coins, 0
	a.mu.Unlock()
	b.mu.Unlock()
}

// Fill compares them by an operator.
func (h *Hoard) Fill(from, to string) {
	a, b := h.chests[from], h.chests[to]
	if a.name < b.name {
		a.mu.Lock()
		b.mu.Lock()
	} else {
		b.mu.Lock()
		a.mu.Lock()
	}
	b.coins, a.coins = b.coins+a.coins, 0
	a.mu.Unlock()
	b.mu.Unlock()
}

// Empty locks the outer one of two chests first, after it has seen that it is.
func (h *Hoard) Empty(outer, inner string) {
	a, b := h.chests[outer], h.chests[inner]
	if b.in != outer {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	a.coins, b.coins = a.coins+b.coins, 0
}
