//go:build ignore

// The monitor is told to stop by a send, with the lock of the container held that
// the monitor takes for each result.
//
// leak: stucklock blocked-holding: reported with -all

package main

import (
	"sync"
	"time"
)

type health struct {
	failures int
	stop     chan struct{}
}

func (h *health) openMonitor() chan struct{} {
	if h.stop != nil {
		return nil
	}
	h.stop = make(chan struct{})
	return h.stop
}

func (h *health) closeMonitor() {
	if h.stop != nil {
		h.stop <- struct{}{}
		h.stop = nil
	}
}

type container struct {
	sync.Mutex
	running bool
	health  *health
}

type daemon struct{ containers map[string]*container }

func (d *daemon) StateChanged(id string, running bool) {
	c := d.containers[id]
	c.Lock()
	defer c.Unlock()
	c.running = running
	d.updateMonitor(c)
}

func (d *daemon) updateMonitor(c *container) {
	if !c.running {
		c.health.closeMonitor()
		return
	}
	if stop := c.health.openMonitor(); stop != nil {
		go monitor(c, stop)
	}
}

func monitor(c *container, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
			handleResult(c, probe())
		}
	}
}

func probe() bool {
	time.Sleep(20 * time.Microsecond)
	return true
}

func handleResult(c *container, ok bool) {
	c.Lock()
	defer c.Unlock()
	if !ok {
		c.health.failures++
	}
}

func run() {
	for range 10 {
		d := &daemon{containers: map[string]*container{"a": {health: &health{}}}}
		d.StateChanged("a", true)
		time.Sleep(200 * time.Microsecond)
		go d.StateChanged("a", false)
	}
}
