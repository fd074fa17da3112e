//go:build ignore

// A closed channel tells every writer, also those who wait already.

package main

import (
	"sync"
	"time"
)

type status uint32

const (
	wantsRows status = iota
	consumerGone
)

const pipeRows = 4

type rowPipe struct {
	rows chan int
	once sync.Once
	gone chan struct{}
}

func (p *rowPipe) init() {
	p.rows = make(chan int, pipeRows)
	p.gone = make(chan struct{})
}

// Push hands a row on and says whether more are wanted.
func (p *rowPipe) Push(row int) status {
	select {
	case p.rows <- row:
		return wantsRows
	case <-p.gone:
		return consumerGone
	}
}

// ConsumerClosed is called by the reader when it needs no more.
func (p *rowPipe) ConsumerClosed() {
	p.once.Do(func() { close(p.gone) })
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
