//go:build ignore

// proof: leak

package main

func handle(int) {}

func each(jobs []int) {
	ch := make(chan int)
	for range 4 {
		go func() {
			for j := range ch {
				handle(j)
			}
		}()
	}
	for _, j := range jobs {
		ch <- j
	}
}

func run() { each([]int{1, 2, 3}) }
