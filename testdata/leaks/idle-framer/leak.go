//go:build ignore

// A frame is reported to the monitor with the write lock held, and a monitor that
// sees the connection closed wants the lock.
//
// leak: stucklock blocked-holding: reported with -all

package main

import (
	"sync"
	"time"
)

type connection struct {
	once   sync.Once
	closed chan struct{}
}

func (c *connection) Close() { c.once.Do(func() { close(c.closed) }) }

// An idleFramer closes a connection on which nothing is written for a while.
type idleFramer struct {
	mu     sync.Mutex
	active chan struct{} // nil when the connection is closed
	conn   *connection
	idle   time.Duration
	frames int
}

func newIdleFramer(idle time.Duration) *idleFramer {
	return &idleFramer{active: make(chan struct{}), conn: &connection{closed: make(chan struct{})}, idle: idle}
}

func (f *idleFramer) monitor() {
	active := f.active
	timer := time.NewTimer(f.idle)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			f.conn.Close()
			timer.Reset(time.Hour)
		case <-active:
			timer.Reset(f.idle)
		case <-f.conn.closed:
			f.mu.Lock()
			f.active = nil
			f.mu.Unlock()
			return
		}
	}
}

// Write sends a frame.
func (f *idleFramer) Write(payload []byte) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.active == nil {
		return false
	}
	f.frames++
	f.active <- struct{}{}
	return true
}

func run() {
	for range 20 { // the monitor may see the frame first
		f := newIdleFramer(time.Minute)
		go func() {
			for f.Write(nil) {
			}
		}()
		time.Sleep(time.Millisecond)
		f.conn.Close()
		go f.monitor()
	}
}
