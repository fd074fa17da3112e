// Package given has functions that get channels and wait groups from others.
package given

import (
	"context"
	"sync"
)

func Answer(out chan<- int, n int) { // want Answer:`may send to 0; does send 0`
	out <- n * n
}

func Worker(wg *sync.WaitGroup, out chan int) { // want Worker:`may send to 1; does send 1 add 0`
	defer wg.Done()
	out <- compute()
}

func compute() int { return 1 }

func Produce(ctx context.Context, out chan<- int, n int) { // want Produce:`may send to 1`
	for i := range n {
		select {
		case out <- i:
		case <-ctx.Done():
			return
		}
	}
}

func Feed(out chan int, n int) { // want Feed:`may send to, close 0`
	defer close(out)
	for i := range n {
		out <- i
	}
}

func Await(done chan struct{}) { // want Await:`may receive from 0; does recv 0`
	<-done
}

func Room(ch chan int) int { return cap(ch) - len(ch) } // want Room:`may do nothing with 0; does`

func Finish(ch chan int) { finish(ch) } // want Finish:`may close 0; does close 0`

func finish(ch chan int) { close(ch) }

// Perhaps sends, or not.
func Perhaps(ch chan int, n int) { // want Perhaps:`may send to 0`
	if n > 0 {
		ch <- n
	}
}

var kept []chan int

func Keep(ch chan int) { kept = append(kept, ch) }

// Behind does it in a goroutine.
func Behind(ch chan int) { // want Behind:`may send to 0`
	go func() { ch <- 1 }()
}

func Hand(ch chan int, f func(chan int)) { f(ch) }

// A Line is a channel with methods.
type Line chan int

func (l Line) Shut() { close(l) } // want Shut:`may close 0; does close 0`

func (l Line) Put(n int) { l <- n } // want Put:`may send to 0; does send 0`

func Join(wg *sync.WaitGroup) { wg.Wait() } // want Join:`does wait 0`
