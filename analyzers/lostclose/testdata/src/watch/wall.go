package watch

import (
	"errors"
	"sync"
)

// A channel to receive from, which a method of the subscription returns, ends nothing.

type wall struct {
	mu      sync.Mutex
	readers map[*reader]bool
}

type reader struct {
	wall  *wall
	notes chan string
}

func (r *reader) Notes() <-chan string { return r.notes }

func (r *reader) Close() error {
	r.wall.mu.Lock()
	defer r.wall.mu.Unlock()
	delete(r.wall.readers, r)
	return nil
}

func (b *wall) Subscribe(room int) *reader {
	r := &reader{b, make(chan string, room)}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.readers[r] = true
	return r
}

func (b *wall) post(note string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for r := range b.readers {
		select {
		case r.notes <- note:
		default:
		}
	}
}

var errTorn = errors.New("torn")

func (b *wall) first(stop <-chan struct{}) (string, error) {
	r := b.Subscribe(1) // want `r is not ended on the path that returns at line \d+`
	select {
	case note := <-r.Notes():
		if note == "" {
			return "", errTorn
		}
		return note, r.Close()
	case <-stop:
		return "", r.Close()
	}
}

// Silent: whoever gets the channel reads on; the other one has all of it.

func (b *wall) notes() <-chan string {
	r := b.Subscribe(8)
	return r.Notes()
}

func (b *wall) lasting(stop <-chan struct{}) (string, error) {
	r := b.Subscribe(1)
	defer r.Close()
	select {
	case note := <-r.Notes():
		return note, nil
	case <-stop:
		return "", errTorn
	}
}
