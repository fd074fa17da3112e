//go:build ignore

// A benchmark that is told to stop leaves the request behind that is under way.
//
// leak: lostgoroutine abandoned-send: reported

package main

import (
	"math/rand/v2"
	"time"
)

type bench struct {
	stop   chan bool
	failed int
	served int
}

func (b *bench) call() bool {
	time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
	return rand.IntN(10) > 0
}

// loop makes one request after the other until it is told to stop.
func (b *bench) loop() {
	for {
		done := make(chan bool)
		go func() {
			if !b.call() {
				done <- false
				return
			}
			done <- true
		}()
		select {
		case <-b.stop:
			return
		case ok := <-done:
			if ok {
				b.served++
			} else {
				b.failed++
			}
		}
	}
}

func run() {
	for range 10 {
		b := &bench{stop: make(chan bool)}
		go b.loop()
		time.Sleep(500 * time.Microsecond)
		b.stop <- true
	}
}
