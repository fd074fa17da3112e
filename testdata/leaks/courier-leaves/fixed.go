//go:build ignore

// The letter is handed over with the lock released, unless the courier has left.

package main

import (
	"errors"
	"sync"
)

var errClosed = errors.New("closed")

type office struct {
	mu      sync.Mutex
	letters chan string
	left    chan struct{}
	closed  bool
	posted  int
}

func newOffice(room int) *office {
	return &office{letters: make(chan string, room), left: make(chan struct{})}
}

func (o *office) post(letter string) error {
	o.mu.Lock()
	if o.closed {
		o.mu.Unlock()
		return errClosed
	}
	o.posted++
	o.mu.Unlock()
	select {
	case o.letters <- letter:
		return nil
	case <-o.left:
		return errClosed
	}
}

func (o *office) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed {
		o.closed = true
		close(o.left)
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
	for {
		select {
		case letter := <-o.letters:
			if err := r.drive(letter); err != nil {
				o.close()
				return err
			}
		case <-o.left:
			return nil
		}
	}
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
