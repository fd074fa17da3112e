//go:build ignore

// proof: leak abandoned-send

package main

func numbers(n int, stop <-chan struct{}) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := 0; i < n; i++ {
			select {
			case c <- i:
			case <-stop:
				return
			}
		}
	}()
	return c
}

func firstOver(n, limit int) int {
	stop := make(chan struct{})
	defer close(stop)
	for v := range numbers(n, stop) {
		if v > limit {
			return v
		}
	}
	return -1
}

func run() { firstOver(10, 3) }
