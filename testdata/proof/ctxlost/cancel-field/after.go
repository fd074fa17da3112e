//go:build ignore

// proof: leak

package main

import "context"

type worker struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func newWorker() *worker {
	w := new(worker)
	w.ctx, w.cancel = context.WithCancel(context.Background())
	go w.work()
	return w
}

func (w *worker) work() { <-w.ctx.Done() }

func (w *worker) close() { w.cancel() }

func run() {
	w := newWorker()
	w.close()
}
