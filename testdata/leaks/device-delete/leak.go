//go:build ignore

// The set is unlocked for a slow removal and locked again with the device still
// locked; another deletion of the device holds the set and waits for the device.
//
// leak: stucklock lock-order: reported

package main

import (
	"sync"
	"time"
)

type device struct {
	mu   sync.Mutex
	name string
	open bool
}

type deviceSet struct {
	sync.Mutex
	devices map[string]*device
}

func (s *deviceSet) lookup(name string) *device { return s.devices[name] }

// Delete removes a device.
func (s *deviceSet) Delete(name string) {
	s.Lock()
	defer s.Unlock()
	d := s.lookup(name)
	if d == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	s.remove(d)
}

func (s *deviceSet) remove(d *device) {
	d.open = false
	s.waitRemoved(d.name)
	delete(s.devices, d.name)
}

// waitRemoved gives the lock of the set to others while it waits.
func (s *deviceSet) waitRemoved(name string) {
	s.Unlock()
	time.Sleep(time.Millisecond)
	s.Lock()
}

func run() {
	s := &deviceSet{devices: map[string]*device{"a": {name: "a", open: true}}}
	go s.Delete("a")
	go s.Delete("a")
}
