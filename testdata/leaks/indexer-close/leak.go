//go:build ignore

// Close waits for the goroutines first and tells them to end after that.
//
// leak: lostgoroutine waitgroup: reported

package main

import (
	"context"
	"sync"
)

type indexer struct {
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	docs   chan string
	size   int
}

func newIndexer() *indexer {
	x := &indexer{docs: make(chan string, 16)}
	x.ctx, x.cancel = context.WithCancel(context.Background())
	x.wg.Add(1)
	go x.index()
	return x
}

func (x *indexer) index() {
	defer x.wg.Done()
	for {
		select {
		case d := <-x.docs:
			x.size += len(d)
		case <-x.ctx.Done():
			return
		}
	}
}

func (x *indexer) Close() {
	x.wg.Wait()
	x.cancel()
}

func run() {
	x := newIndexer()
	x.docs <- "a"
	x.Close()
}
