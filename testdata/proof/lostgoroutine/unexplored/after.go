//go:build ignore

// proof: leak unexplored -all

package main

type set uint

func (s set) has(i int) bool { return s&(1<<i) != 0 }

func trace(s set) (n int) {
	last := make(chan int, 1)
	go func() { last <- 1 }()
	for i := range 8 {
		if s.has(i) {
			n++
		}
	}
	if s != 0 {
		return n
	}
	return <-last
}

func run() { trace(3) }
