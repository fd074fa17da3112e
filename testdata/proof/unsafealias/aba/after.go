//go:build ignore

// proof: behaviour

package main

import (
	"fmt"
	"sync/atomic"
)

type node struct {
	next *node
	n    int
}

type list struct{ head atomic.Pointer[node] }

// meanwhile is what other goroutines do between the load and the swap of a pop.
var meanwhile func()

func (l *list) pop() *node {
	for {
		old := l.head.Load()
		if old == nil {
			return nil
		}
		next := old.next
		if do := meanwhile; do != nil {
			meanwhile = nil
			do()
		}
		if l.head.CompareAndSwap(old, next) {
			return old
		}
	}
}

func (l *list) push(n int) {
	x := newNode(n)
	for {
		x.next = l.head.Load()
		if l.head.CompareAndSwap(x.next, x) {
			return
		}
	}
}

func newNode(n int) *node { return &node{n: n} }

func free(*node) {}

func run() string {
	for range 20 {
		var l list
		for n := range 3 {
			l.push(n)
		}
		var mine *node
		meanwhile = func() {
			first := l.pop()
			mine = l.pop()
			free(first)
			l.push(9)
		}
		l.pop()
		for x := l.pop(); x != nil; x = l.pop() {
			if x == mine {
				return fmt.Sprintf("bad: node %d was popped twice", x.n)
			}
		}
	}
	return "ok"
}
