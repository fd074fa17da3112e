//go:build ignore

// proof: leak -all

package main

type sink struct {
	out  chan int
	quit chan bool
}

func (s *sink) loop() {
	for {
		select {
		case <-s.out:
		case <-s.quit:
			return
		}
	}
}

func (s *sink) put(v int) {
	select {
	case s.out <- v:
	case <-s.quit:
	}
}

func run() {
	s := &sink{make(chan int), make(chan bool)}
	go s.loop()
	close(s.quit)
	for i := range 64 {
		go s.put(i)
	}
}
