//go:build ignore

// The spooler asks its printers for their state with its own lock held; a
// printer that finishes a page asks the spooler with the lock of the printer held.
//
// leak: stucklock lock-order: reported

package main

import (
	"sync"
	"time"
)

type spooler struct {
	mu       sync.Mutex
	waiting  int
	printers []*printer
}

// Status counts the printers that are idle.
func (s *spooler) Status() (idle int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.printers {
		if !p.Busy() {
			idle++
		}
	}
	return idle
}

// next hands out a waiting page.
func (s *spooler) next() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting == 0 {
		return false
	}
	s.waiting--
	return true
}

type printer struct {
	headMu sync.Mutex
	busy   bool
	spool  *spooler
}

func (p *printer) Busy() bool {
	time.Sleep(100 * time.Microsecond)
	p.headMu.Lock()
	defer p.headMu.Unlock()
	return p.busy
}

// PageDone takes the next page, if there is one.
func (p *printer) PageDone() {
	p.headMu.Lock()
	defer p.headMu.Unlock()
	p.advanceLocked()
}

func (p *printer) advanceLocked() {
	time.Sleep(100 * time.Microsecond)
	p.busy = p.spool.next()
}

func run() {
	for range 50 {
		s := &spooler{waiting: 4}
		s.printers = []*printer{{spool: s}, {spool: s}}
		go s.Status()
		for _, p := range s.printers {
			go p.PageDone()
		}
	}
}
