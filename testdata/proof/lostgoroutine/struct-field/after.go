//go:build ignore

// proof: leak abandoned-send

package main

type request struct {
	id    int
	reply chan int
}

func square(n int) int { return n * n }

func ask(id int, quit <-chan struct{}) int {
	r := &request{id: id, reply: make(chan int, 1)}
	go func() {
		r.reply <- square(r.id)
	}()
	select {
	case <-quit:
		return 0
	case v := <-r.reply:
		return v
	}
}

func run() {
	quit := make(chan struct{})
	close(quit)
	for range 3 {
		ask(1, quit)
	}
}
