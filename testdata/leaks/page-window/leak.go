//go:build ignore

// As many answers are received as there are pages, but nobody tells the readers that there
// are no more.
//
// leak: lostgoroutine unclosed-range: reported

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
