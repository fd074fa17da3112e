//go:build ignore

// Each stream has room for one message, and a flow that is cancelled sends its
// error to streams that may have a row there already.
//
// leak: lostgoroutine abandoned-send: reported as lostgoroutine no-partner with -all

package main

import (
	"errors"
	"sync"
)

type receiver interface {
	Push(row string)
	Fail(err error)
}

type stream struct {
	rows chan string
}

func newStream(ahead int) *stream {
	return &stream{rows: make(chan string, ahead)}
}

func (s *stream) Push(row string) { s.rows <- row }

func (s *stream) Fail(err error) { s.rows <- "error: " + err.Error() }

type registry struct {
	mu    sync.Mutex
	flows map[int]*flow
}

type flow struct {
	id      int
	reg     *registry
	inbound []receiver
}

func (r *registry) register(id int, inbound ...receiver) *flow {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := &flow{id: id, reg: r, inbound: inbound}
	r.flows[id] = f
	return f
}

func (r *registry) takeLocked(id int) []receiver {
	f := r.flows[id]
	if f == nil {
		return nil
	}
	delete(r.flows, id)
	return f.inbound
}

// cancel tells all streams that wait.
func (f *flow) cancel(err error) {
	f.reg.mu.Lock()
	pending := f.reg.takeLocked(f.id)
	f.reg.mu.Unlock()
	for _, r := range pending {
		r.Fail(err)
	}
}

func run() {
	reg := &registry{flows: make(map[int]*flow)}
	left, right := newStream(1), newStream(1)
	f := reg.register(1, left, right)
	left.Push("row 1")
	f.cancel(errors.New("timed out"))
}
