// Package given has functions that get channels and wait groups from others.
package given

import (
	"context"
	"sync"
)

func Answer(out chan<- int, n int) {
	out <- n * n
}

func Worker(wg *sync.WaitGroup, out chan int) {
	defer wg.Done()
	out <- compute()
}

func compute() int { return 1 }

func Produce(ctx context.Context, out chan<- int, n int) {
	for i := range n {
		select {
		case out <- i:
		case <-ctx.Done():
			return
		}
	}
}

func Feed(out chan int, n int) {
	defer close(out)
	for i := range n {
		out <- i
	}
}

// Search starts who sends, and waits for it.
func Search(n int, out chan<- int, errs chan<- error) {
	var wg sync.WaitGroup
	wg.Add(1)
	go search(n, &wg, out)
	wg.Wait()
	close(out)
	close(errs)
}

func search(n int, wg *sync.WaitGroup, out chan<- int) {
	defer wg.Done()
	for i := range n {
		out <- i
	}
}

func Until(ctx context.Context, out chan<- int, n int) {
	defer close(out)
	for i := range n {
		select {
		case out <- i:
		case <-ctx.Done():
			return
		}
	}
}

type Item struct {
	N   int
	Err error
}

func (it Item) Failed() bool { return it.Err != nil }

func Items(out chan<- Item) {
	defer close(out)
	for {
		n, err := compute(), error(nil)
		out <- Item{n, err}
		if err != nil {
			return
		}
	}
}

func Await(done chan struct{}) {
	<-done
}

func Room(ch chan int) int { return cap(ch) - len(ch) }

func Finish(ch chan int) { finish(ch) }

func finish(ch chan int) { close(ch) }

// Perhaps sends, or not.
func Perhaps(ch chan int, n int) {
	if n > 0 {
		ch <- n
	}
}

var kept []chan int

func Keep(ch chan int) { kept = append(kept, ch) }

// Behind does it in a goroutine.
func Behind(ch chan int) {
	go func() { ch <- 1 }()
}

func Hand(ch chan int, f func(chan int)) { f(ch) }

// A Line is a channel with methods.
type Line chan int

func (l Line) Shut() { close(l) }

func (l Line) Put(n int) { l <- n }

func Join(wg *sync.WaitGroup) { wg.Wait() }
