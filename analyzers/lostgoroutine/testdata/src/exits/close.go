package exits

import (
	"bufio"
	"io"
	"log"
	"sync"
	"sync/atomic"
)

// records closes its channel only when all went well.
func records(r io.Reader) <-chan string {
	c := make(chan string)
	go func() {
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			if len(sc.Text()) == 0 {
				return
			}
			c <- sc.Text()
		}
		close(c)
	}()
	return c
}

func countRecords(r io.Reader) (n int) {
	for range records(r) { // want `this range never ends if the function literal at line 14 returns at line 18: that way it does not close the channel, and nobody else does`
		n++
	}
	return n
}

// recordsWell closes it always.
func recordsWell(r io.Reader) <-chan string {
	c := make(chan string)
	go func() {
		defer close(c)
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			if len(sc.Text()) == 0 {
				return
			}
			c <- sc.Text()
		}
	}()
	return c
}

func countWell(r io.Reader) (n int) {
	for range recordsWell(r) {
		n++
	}
	return n
}

// The reader is told of the end by a value.
type result struct {
	line string
	err  error
}

func results(r io.Reader) <-chan result {
	c := make(chan result)
	go func() {
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			c <- result{line: sc.Text()}
		}
		if err := sc.Err(); err != nil {
			c <- result{err: err}
			return
		}
		close(c)
	}()
	return c
}

func countResults(r io.Reader) (n int, err error) {
	for x := range results(r) {
		if x.err != nil {
			return n, x.err
		}
		n++
	}
	return n, nil
}

// Somebody else is told, and may end the reader.
func watched(r io.Reader, failed chan<- error) <-chan string {
	c := make(chan string)
	go func() {
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			c <- sc.Text()
		}
		if err := sc.Err(); err != nil {
			failed <- err
			return
		}
		close(c)
	}()
	return c
}

func countWatched(r io.Reader, failed chan<- error) {
	go func() {
		for s := range watched(r, failed) {
			log.Print(s)
		}
	}()
}

// The last one closes.
func squares(jobs []int, workers int) <-chan int {
	c := make(chan int)
	var left atomic.Int32
	left.Store(int32(workers))
	for range workers {
		go func() {
			for _, j := range jobs {
				c <- j * j
			}
			if left.Add(-1) == 0 {
				close(c)
			}
		}()
	}
	return c
}

func sumSquares(jobs []int) (sum int) {
	for s := range squares(jobs, 4) {
		sum += s
	}
	return sum
}

// Who comes first, ends it for all.
func either2(a, b []int) <-chan int {
	c := make(chan int, 1)
	var once sync.Once
	for _, list := range [][]int{a, b} {
		go func() {
			for _, x := range list {
				if x < 0 {
					return
				}
				c <- x
			}
			once.Do(func() { close(c) })
		}()
	}
	return c
}

func sumEither(a, b []int) (sum int) {
	for x := range either2(a, b) {
		sum += x
	}
	return sum
}
