package aba

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

// Nodes that are recycled, the old way.

type old struct {
	next unsafe.Pointer
	v    int
}

var (
	head unsafe.Pointer
	olds = sync.Pool{New: func() any { return new(old) }}
)

func pushOld(v int) {
	n := olds.Get().(*old)
	n.v = v
	for {
		n.next = atomic.LoadPointer(&head)
		if atomic.CompareAndSwapPointer(&head, n.next, unsafe.Pointer(n)) {
			return
		}
	}
}

func popOld() (v int) {
	for {
		n := (*old)(atomic.LoadPointer(&head))
		if n == nil {
			return 0
		}
		if atomic.CompareAndSwapPointer(&head, unsafe.Pointer(n), n.next) { // want `compare-and-swap of \*old, which a sync.Pool recycles`
			v = n.v
			olds.Put(n)
			return v
		}
	}
}

// A queue that is generic.

type item[T any] struct {
	next atomic.Pointer[item[T]]
	v    T
}

type queue[T any] struct {
	head  atomic.Pointer[item[T]]
	items sync.Pool
}

func (q *queue[T]) add(v T) {
	n := q.items.Get().(*item[T])
	n.v = v
}

func (q *queue[T]) take() (v T) {
	for {
		n := q.head.Load()
		next := n.next.Load()
		if q.head.CompareAndSwap(n, next) { // want `compare-and-swap of \*item, which a sync.Pool recycles`
			v = n.v
			q.items.Put(n)
			return v
		}
	}
}

// Nodes that are left to the collector.

type fresh struct {
	next *fresh
	v    int
}

type stack struct{ head atomic.Pointer[fresh] }

func (s *stack) pop() int {
	for {
		n := s.head.Load()
		if n == nil {
			return 0
		}
		if s.head.CompareAndSwap(n, n.next) {
			return n.v
		}
	}
}

// Values that are exchanged as a whole.

type config struct{ n int }

var (
	current atomic.Pointer[config]
	configs = sync.Pool{New: func() any { return new(config) }}
)

func set(n int) {
	c := configs.Get().(*config)
	c.n = n
	old := current.Load()
	if current.CompareAndSwap(old, c) {
		configs.Put(old)
	}
}
