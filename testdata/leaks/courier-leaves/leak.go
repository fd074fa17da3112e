//go:build ignore

// Letters are handed to the courier with the lock of the office held, and the
// courier needs the lock to tell that it gives up.
//
// leak: stucklock blocked-holding: reported

package main

import (
	"errors"
	"sync"
)

var errClosed = errors.New("closed")

type office struct {
	mu      sync.Mutex
	letters chan string
	closed  bool
	posted  int
}

func newOffice(room int) *office {
	return &office{letters: make(chan string, room)}
}

func (o *office) post(letter string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return errClosed
	}
	o.posted++
	o.letters <- letter
	return nil
}

func (o *office) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed {
		o.closed = true
		close(o.letters)
	}
}

type road struct{ open int }

func (r *road) drive(letter string) error {
	if r.open == 0 {
		return errors.New("no way to deliver " + letter)
	}
	r.open--
	return nil
}

func (o *office) courier(r *road) error {
	for letter := range o.letters {
		if err := r.drive(letter); err != nil {
			o.close()
			return err
		}
	}
	return nil
}

func run() {
	o := newOffice(0)
	var all sync.WaitGroup
	all.Go(func() { o.courier(&road{open: 3}) })
	for range 4 {
		all.Go(func() {
			for range 50 {
				if o.post("letter") != nil {
					return
				}
			}
		})
	}
	all.Wait()
}
