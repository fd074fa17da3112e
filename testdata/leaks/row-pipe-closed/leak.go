//go:build ignore

// Whoever closes the pipe takes one row out, so that one blocked writer goes
// on; a writer that has passed the look at the status fills the place again.
//
// leak: lostgoroutine partner-exits: not reported

package main

import (
	"sync"
	"sync/atomic"
	"time"
)

type status uint32

const (
	wantsRows status = iota
	consumerGone
)

const pipeRows = 4

type rowPipe struct {
	status atomic.Uint32
	rows   chan int
}

func (p *rowPipe) init() {
	p.rows = make(chan int, pipeRows)
}

// Push hands a row on and says whether more are wanted.
func (p *rowPipe) Push(row int) status {
	st := status(p.status.Load())
	if st == wantsRows {
		p.rows <- row
	}
	return st
}

// ConsumerClosed is called by the reader when it needs no more.
func (p *rowPipe) ConsumerClosed() {
	p.status.Store(uint32(consumerGone))
	select {
	case <-p.rows: // one writer may be waiting
	default:
	}
}

type outbox struct {
	rowPipe
	sent int
}

func (o *outbox) start(writers *sync.WaitGroup) {
	writers.Add(1)
	go o.flush(writers)
}

func (o *outbox) flush(writers *sync.WaitGroup) {
	defer writers.Done()
	time.Sleep(2 * time.Millisecond) // the network
	o.sent += <-o.rows
	o.ConsumerClosed()
}

func scan(tables int) {
	o := &outbox{}
	o.init()
	var flushed, scanned sync.WaitGroup
	for table := range tables {
		scanned.Add(1)
		go func() {
			defer scanned.Done()
			for row := 0; o.Push(table*100+row) == wantsRows; row++ {
			}
		}()
	}
	o.start(&flushed)
	flushed.Wait()
	scanned.Wait()
}

func run() {
	for range 3 {
		go scan(8)
	}
}
