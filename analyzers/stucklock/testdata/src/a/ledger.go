package a

import (
	"errors"
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
	byName map[string]*pouch
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
