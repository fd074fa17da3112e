//go:build ignore

// proof: leak unexplored -all

package main

type set uint

func (s set) has(i int) bool { return s&(1<<i) != 0 }

func trace(s set) (n int) {
	log, last := make(chan int, 16), make(chan int)
	go func() { last <- 1 }()
	if s.has(0) {
		log <- 0
	}
	if s.has(1) {
		log <- 1
	}
	if s.has(2) {
		log <- 2
	}
	if s.has(3) {
		log <- 3
	}
	if s.has(4) {
		log <- 4
	}
	if s.has(5) {
		log <- 5
	}
	if s.has(6) {
		log <- 6
	}
	if s.has(7) {
		log <- 7
	}
	if s != 0 {
		return len(log)
	}
	return <-last
}

func run() { trace(3) }
