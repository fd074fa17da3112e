package fix

import (
	"context"
	"time"
)

func compute() int       { return 1 }
func use(...any)         {}
func query(s string) int { return len(s) }

func timeout(ctx context.Context) {
	ch := make(chan int)
	go func() { ch <- compute() }() // want `this send blocks forever when the select at line 15 takes another case: nobody receives from ch and it has no buffer; the goroutine started at line 14 never ends`
	select {
	case <-ch:
	case <-ctx.Done():
	}
}

func first(hosts []string) int {
	ch := make(chan int)
	for _, h := range hosts {
		go func() { ch <- query(h) }() // want `of the goroutines started at line 24, all but 1 block forever at this send: first receives from ch no more often and it has no buffer`
	}
	return <-ch
}

func firstOfN(n int) int {
	ch := make(chan int)
	for i := 0; i < n; i++ {
		go func() {
			ch <- i // want `of the goroutines started at line 32, all but 1 block forever at this send: firstOfN receives from ch no more often and it has no buffer`
		}()
	}
	return <-ch
}

func firstOfThree() int {
	ch := make(chan int)
	for i := 0; i < 3; i++ {
		go func() { ch <- i }() // want `of the goroutines started at line 42, all but 1 block forever at this send: firstOfThree receives from ch no more often and it has no buffer`
	}
	return <-ch
}

// No fix: what comes after the send may count on its having been received.
func rendezvous(ctx context.Context) {
	ch := make(chan int)
	go func() {
		ch <- compute() // want `this send blocks forever when the select at line 54 takes another case: nobody receives from ch and it has no buffer; the goroutine started at line 50 never ends`
		use("received")
	}()
	select {
	case <-ch:
	case <-ctx.Done():
	}
}

// No fix: the number is not known where the channel is made.
func late(get func() []string) int {
	ch := make(chan int)
	hosts := get()
	for _, h := range hosts {
		go func() { ch <- query(h) }() // want `of the goroutines started at line 65, all but 1 block forever at this send: late receives from ch no more often and it has no buffer`
	}
	return <-ch
}

// No fix: the length is looked at.
func measured() {
	ch := make(chan int)
	go func() { ch <- compute() }() // want `this send blocks forever when the select at line 75 takes another case: nobody receives from ch and it has no buffer; the goroutine started at line 73 never ends`
	use(len(ch))
	select {
	case <-ch:
	case <-time.After(time.Second):
	}
}

// No fix: len is something else here.
func shadowed(hosts []string, len int) int {
	ch := make(chan int)
	for _, h := range hosts {
		go func() { ch <- query(h) }() // want `of the goroutines started at line 85, all but 1 block forever at this send: shadowed receives from ch no more often and it has no buffer`
	}
	return <-ch + len
}
