//go:build ignore

// proof: leak

package main

type limiter struct{ places chan struct{} }

func (l *limiter) do(n int) bool {
	l.places <- struct{}{}
	if n == 0 {
		return false
	}
	<-l.places
	return true
}

func run() {
	l := &limiter{make(chan struct{}, 2)}
	for range 3 {
		go l.do(0)
	}
}
