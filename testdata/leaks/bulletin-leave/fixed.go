//go:build ignore

// A reader who goes says so first, and then takes its name off the board.

package main

import "sync"

type board struct {
	mu      sync.Mutex
	readers map[*reader]bool
}

type reader struct {
	board *board
	notes chan string
	gone  chan struct{}
}

func (b *board) join() *reader {
	r := &reader{board: b, notes: make(chan string), gone: make(chan struct{})}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.readers[r] = true
	return r
}

// Notes are for the reader's owner.
func (r *reader) Notes() <-chan string { return r.notes }

func (r *reader) leave() {
	close(r.gone)
	r.board.mu.Lock()
	delete(r.board.readers, r)
	r.board.mu.Unlock()
}

func (b *board) post(note string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for r := range b.readers {
		select {
		case r.notes <- note:
		case <-r.gone:
		}
	}
}

// Reads is how others come to the notes.
var Reads = func(<-chan string) {}

func run() {
	b := &board{readers: make(map[*reader]bool)}
	r := b.join()
	Reads(r.Notes())
	posting := make(chan struct{})
	go func() {
		close(posting)
		b.post("closed on Monday")
	}()
	<-posting
	go r.leave()
}
