package little

import "sync"

type entry struct {
	key  string
	body []byte
}

type queue struct{ work []*entry }

var queues = sync.Pool{New: func() any { return new(queue) }}

func run(in []*entry) (n int) {
	q := queues.Get().(*queue)
	q.work = q.work[:0] // want `q.work\[:0\] comes after the Put`
	q.work = append(q.work, in...)
	for _, e := range q.work {
		n += len(e.body)
	}
	queues.Put(q)
	return n
}

type wiped struct{ work []*entry }

var wipes = sync.Pool{New: func() any { return new(wiped) }}

func runWiped(in []*entry) (n int) {
	q := wipes.Get().(*wiped)
	q.work = q.work[:0]
	q.work = append(q.work, in...)
	for i, e := range q.work {
		n += len(e.body)
		q.work[i] = nil
	}
	wipes.Put(q)
	return n
}
