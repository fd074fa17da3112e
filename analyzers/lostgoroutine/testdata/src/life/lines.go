package life

import (
	"bufio"
	"io"
	"log"
)

// Lines leaves its channel open when it fails.
func Lines(r io.Reader) <-chan string { // want Lines:`starts a goroutine that may leave result 0 open`
	c := make(chan string)
	go func() {
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			c <- sc.Text()
		}
		if err := sc.Err(); err != nil {
			log.Print(err)
			return
		}
		close(c)
	}()
	return c
}

// LinesUntil does so, too.
func LinesUntil(r io.Reader, quit <-chan struct{}) <-chan string { // want LinesUntil:`starts a goroutine that may leave result 0 open`
	c := make(chan string)
	go func() {
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			select {
			case c <- sc.Text():
			case <-quit:
				return
			}
		}
		close(c)
	}()
	return c
}

// Words always closes it.
func Words(r io.Reader) <-chan string { // want Words:`starts a goroutine that sends to result 0`
	c := make(chan string)
	go func() {
		defer close(c)
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			c <- sc.Text()
		}
		if err := sc.Err(); err != nil {
			log.Print(err)
			return
		}
	}()
	return c
}

// Fields tells of its errors.
func Fields(r io.Reader, failed func(error)) <-chan string { // want Fields:`starts a goroutine that sends to result 0`
	c := make(chan string)
	go func() {
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			c <- sc.Text()
		}
		if err := sc.Err(); err != nil {
			failed(err)
			return
		}
		close(c)
	}()
	return c
}

// Attend runs f, and tells why it has ended if that is for an error.
func Attend(f func() error) <-chan error { // want Attend:`starts a goroutine that sends to result 0`
	failed := make(chan error)
	go func() {
		defer close(failed)
		if err := f(); err != nil {
			failed <- err
		}
	}()
	return failed
}
