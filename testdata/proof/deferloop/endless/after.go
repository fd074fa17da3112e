//go:build ignore

// proof: behaviour

package main

import "fmt"

var opened, most int

type session struct{}

func open() *session {
	opened++
	most = max(most, opened)
	return new(session)
}

func (*session) Close() { opened-- }

func serve(requests <-chan int) {
	for range requests {
		func() {
			s := open()
			defer s.Close()
		}()
	}
}

func run() string {
	opened, most = 0, 0
	requests := make(chan int)
	done := make(chan bool)
	go func() {
		serve(requests)
		close(done)
	}()
	for i := range 100 {
		requests <- i
	}
	close(requests)
	<-done
	if most > 1 {
		return fmt.Sprintf("bad: %d sessions were open at the same time", most)
	}
	return "ok"
}
