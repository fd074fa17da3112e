//go:build ignore

// proof: leak

package main

import (
	"sync"
	"time"
)

type ledger struct {
	in, out sync.Mutex
	n       int
}

func (l *ledger) deposit() {
	l.in.Lock()
	defer l.in.Unlock()
	time.Sleep(time.Millisecond)
	l.out.Lock()
	defer l.out.Unlock()
	l.n++
}

func (l *ledger) withdraw() {
	l.in.Lock()
	defer l.in.Unlock()
	time.Sleep(time.Millisecond)
	l.out.Lock()
	defer l.out.Unlock()
	l.n--
}

func run() {
	l := new(ledger)
	go l.deposit()
	go l.withdraw()
	time.Sleep(10 * time.Millisecond)
}
