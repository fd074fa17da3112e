// Package demand holds what is only reported on demand: the missing message may be
// sent in ways, or not awaited for reasons, that do not show.
package demand

import (
	"sync"
	"time"
)

func try() error { return nil }

func noMessage() {
	ch := make(chan error)
	go func() {
		if err := try(); err != nil {
			ch <- err
		}
	}()
	<-ch // want `this receive blocks forever once the goroutine started at line 14 returns: nobody sends to ch or closes it`
}

type session struct{ last time.Time }

func newSession() *session {
	s := new(session)
	go s.heartbeat() // want `this goroutine never ends: it waits for the clock in a loop that has no way out`
	return s
}

func (s *session) heartbeat() {
	for {
		time.Sleep(time.Second)
		s.last = time.Now()
	}
}

func flushEvery(d time.Duration, flush func()) {
	t := time.NewTicker(d)
	go func() { // want `this goroutine never ends: it waits for the clock in a loop that has no way out`
		for range t.C {
			flush()
		}
	}()
}

// It can end.
func poll(d time.Duration) {
	go func() {
		for {
			<-time.After(d)
			if try() != nil {
				return
			}
		}
	}()
}

func watch(quit chan bool) {
	go func() {
		t := time.NewTicker(time.Second)
		defer t.Stop()
		for {
			select {
			case <-t.C:
			case <-quit:
				return
			}
		}
	}()
}

// It is started once.
var start sync.Once

func instance() {
	start.Do(tick)
}

func tick() {
	go func() {
		for range time.Tick(time.Minute) {
			try()
		}
	}()
}

func init() { startTicking() }

func startTicking() { go ticking() }

func ticking() {
	for {
		time.Sleep(time.Minute)
	}
}
