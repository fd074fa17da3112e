//go:build ignore

// An account is removed from the ledger after its own lock is released.

package main

import (
	"sync"
	"time"
)

type account struct {
	mu     sync.Mutex
	ledger *ledger
	name   string
	sum    int
}

type ledger struct {
	mu       sync.Mutex
	accounts map[string]*account
	postings int
}

func (l *ledger) open(name string) *account {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := &account{ledger: l, name: name}
	l.accounts[name] = a
	return a
}

// Post adds to all accounts.
func (l *ledger) Post(sum int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range l.accounts {
		l.postings++
		a.add(sum)
	}
}

func (a *account) add(sum int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	time.Sleep(50 * time.Microsecond)
	a.sum += sum
}

// Close removes an account that is empty.
func (a *account) Close() {
	a.mu.Lock()
	empty := a.sum == 0
	a.mu.Unlock()
	if empty {
		time.Sleep(50 * time.Microsecond)
		a.ledger.remove(a.name)
	}
}

func (l *ledger) remove(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.accounts, name)
}

func run() {
	for range 20 {
		l := &ledger{accounts: make(map[string]*account)}
		a := l.open("cash")
		l.open("bank")
		go l.Post(0)
		go a.Close()
	}
}
