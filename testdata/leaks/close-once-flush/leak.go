//go:build ignore

// A flush that fails leaves Close before done is closed, and once is once.
//
// leak: lostgoroutine lost-signal: reported

package main

import (
	"errors"
	"sync"
)

type sink interface{ Flush() error }

type brokenSink struct{}

func (brokenSink) Flush() error { return errors.New("disk full") }

type recorder struct {
	sink    sink
	samples chan int
	done    chan struct{}
	once    sync.Once
	err     error
	sum     int
}

func newRecorder(s sink) *recorder {
	r := &recorder{sink: s, samples: make(chan int), done: make(chan struct{})}
	go r.loop()
	return r
}

func (r *recorder) loop() {
	for {
		select {
		case s := <-r.samples:
			r.sum += s
		case <-r.done:
			return
		}
	}
}

func (r *recorder) Add(s int) {
	select {
	case r.samples <- s:
	case <-r.done:
	}
}

// Close may be called more than once.
func (r *recorder) Close() error {
	r.once.Do(func() {
		if r.err = r.sink.Flush(); r.err != nil {
			return
		}
		close(r.done)
	})
	return r.err
}

func run() {
	r := newRecorder(brokenSink{})
	defer r.Close()
	r.Add(1)
}
