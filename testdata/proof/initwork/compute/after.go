//go:build ignore

// proof: behaviour

package main

import "sync"

var done bool

var squares = sync.OnceValue(func() *[4_000_000]int {
	squares := new([4_000_000]int)
	for i := range squares {
		squares[i] = i * i
	}
	done = true
	return squares
})

func run() string {
	if done {
		return "bad: computed before anybody has asked"
	}
	if squares()[2] != 4 {
		return "wrong"
	}
	return "ok"
}
