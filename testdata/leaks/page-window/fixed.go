//go:build ignore

// The readers are told that there are no more pages.

package main

type page struct{ n int }

func render(n int) page { return page{n} }

func window(first, last, readers int) (pages []page) {
	numbers := make(chan int)
	rendered := make(chan page)
	for range readers {
		go func() {
			for n := range numbers {
				rendered <- render(n)
			}
		}()
	}
	go func() {
		defer close(numbers)
		for n := first; n < last; n++ {
			numbers <- n
		}
	}()
	for range last - first {
		pages = append(pages, <-rendered)
	}
	return pages
}

func run() {
	window(3, 9, 2)
}
