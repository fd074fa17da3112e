// Package alone is one of tests that test nothing else: what is wrong in it is what they are about.
package alone

import (
	"sync"
	"testing"
)

type Left struct{ mu sync.Mutex }

type Right struct{ mu sync.Mutex }

type Pair struct {
	l Left
	r Right
}

func (p *Pair) Forth() {
	p.l.mu.Lock()
	p.r.mu.Lock() // want `this Lock waits for p.r.mu while p.l.mu is held since line \d+; \(\*Pair\).Back takes them the other way round on line \d+: two goroutines can wait for each other for ever`
	p.r.mu.Unlock()
	p.l.mu.Unlock()
}

func (p *Pair) Back() {
	p.r.mu.Lock()
	p.l.mu.Lock()
	p.l.mu.Unlock()
	p.r.mu.Unlock()
}

func TestPair(t *testing.T) {
	p := new(Pair)
	go p.Forth()
	p.Back()
}
