package exits

import (
	"bufio"
	"io"
	"log"
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
	for range records(r) { // want `this range never ends if the function literal at line 12 returns at line 16: that way it does not close the channel, and nobody else does`
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
