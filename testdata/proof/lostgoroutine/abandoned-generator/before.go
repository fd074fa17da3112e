//go:build ignore

// proof: leak abandoned-send

package main

func numbers(n int) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := 0; i < n; i++ {
			c <- i
		}
	}()
	return c
}

func firstOver(n, limit int) int {
	for v := range numbers(n) {
		if v > limit {
			return v
		}
	}
	return -1
}

func run() { firstOver(10, 3) }
