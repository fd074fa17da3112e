//go:build ignore

// Attach rolls back by the method that locks.
//
// leak: stucklock double-lock: reported

package main

import (
	"fmt"
	"sync"
)

type disk struct{ path string }

type guest struct {
	sync.Mutex
	attached map[string]int
	slots    int
}

// Attach adds all disks or none.
func (g *guest) Attach(disks ...disk) error {
	g.Lock()
	defer g.Unlock()
	for i, d := range disks {
		if len(g.attached) == g.slots {
			g.Detach(disks[:i]...)
			return fmt.Errorf("no slot for %s", d.path)
		}
		g.attached[d.path]++
	}
	return nil
}

func (g *guest) Detach(disks ...disk) {
	g.Lock()
	defer g.Unlock()
	for _, d := range disks {
		if g.attached[d.path]--; g.attached[d.path] <= 0 {
			delete(g.attached, d.path)
		}
	}
}

func run() {
	g := &guest{attached: make(map[string]int), slots: 2}
	g.Attach(disk{"a"}, disk{"b"}, disk{"c"})
}
