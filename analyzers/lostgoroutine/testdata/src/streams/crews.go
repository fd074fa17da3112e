package streams

import (
	"context"
	"errors"
	"sync"
)

type letter struct {
	from string
	err  error
}

type mailbox interface {
	Next(ctx context.Context) (string, error)
}

type postOffice struct{ boxes []mailbox }

// One that empties a mailbox leaves after its own error, but the others have more to tell.
func (o *postOffice) collect(ctx context.Context) (n int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	letters := make(chan letter)
	var crew sync.WaitGroup
	for _, box := range o.boxes {
		crew.Add(1)
		go func() {
			defer crew.Done()
			o.empty(ctx, box, letters)
		}()
	}
	go func() {
		crew.Wait()
		close(letters)
	}()
	for l := range letters {
		if l.err != nil {
			return n, l.err
		}
		n++
	}
	return n, nil
}

func (o *postOffice) empty(ctx context.Context, box mailbox, letters chan<- letter) {
	for {
		from, err := box.Next(ctx)
		if err == nil && from == "" {
			return
		}
		letters <- letter{from, err} // want `this send blocks forever when collect returns at line 39: nobody receives from letters and it has no buffer; the goroutine started at line 28 never ends`
		if err != nil {
			return
		}
	}
}

// One alone leaves when who receives does, if that is for its error.
func (o *postOffice) collectOne(ctx context.Context, box mailbox) (n int, err error) {
	letters := make(chan letter)
	go func() {
		defer close(letters)
		for {
			from, err := box.Next(ctx)
			if err == nil && from == "" {
				return
			}
			letters <- letter{from, err}
			if err != nil {
				return
			}
		}
	}()
	for l := range letters {
		if l.err != nil {
			return n, l.err
		}
		n++
	}
	return n, nil
}

// But not for another one, of which it does not know.
func (o *postOffice) deliverOne(ctx context.Context, box mailbox, to func(string) error) error {
	letters := make(chan letter)
	go func() {
		defer close(letters)
		for {
			from, err := box.Next(ctx)
			if err == nil && from == "" {
				return
			}
			letters <- letter{from, err} // want `this send blocks forever when deliverOne returns at line 102: nobody receives from letters and it has no buffer; the goroutine started at line 87 never ends`
			if err != nil {
				return
			}
		}
	}()
	for l := range letters {
		if l.err != nil {
			return l.err
		}
		if err := to(l.from); err != nil {
			return err
		}
	}
	return nil
}

// What is left is thrown away here.
func (o *postOffice) collectAll(ctx context.Context) (n int, err error) {
	letters := make(chan letter)
	var crew sync.WaitGroup
	for _, box := range o.boxes {
		crew.Add(1)
		go func() {
			defer crew.Done()
			o.emptyAll(ctx, box, letters)
		}()
	}
	go func() {
		crew.Wait()
		close(letters)
	}()
	defer func() {
		for range letters {
		}
	}()
	for l := range letters {
		if l.err != nil {
			return n, l.err
		}
		n++
	}
	return n, nil
}

func (o *postOffice) emptyAll(ctx context.Context, box mailbox, letters chan<- letter) {
	for {
		from, err := box.Next(ctx)
		if err == nil && from == "" {
			return
		}
		letters <- letter{from, err}
		if err != nil {
			return
		}
	}
}

// Those who have more to tell are told here that nobody listens.
func (o *postOffice) collectUntil(ctx context.Context) (n int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	letters := make(chan letter)
	var crew sync.WaitGroup
	for _, box := range o.boxes {
		crew.Add(1)
		go func() {
			defer crew.Done()
			o.emptyUntil(ctx, box, letters)
		}()
	}
	go func() {
		crew.Wait()
		close(letters)
	}()
	for l := range letters {
		if l.err != nil {
			return n, l.err
		}
		n++
	}
	return n, nil
}

func (o *postOffice) emptyUntil(ctx context.Context, box mailbox, letters chan<- letter) {
	for {
		from, err := box.Next(ctx)
		if err == nil && from == "" {
			return
		}
		select {
		case letters <- letter{from, err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// Each says at its end that it has no more, and who receives leaves when all have.
func (o *postOffice) collectCounted(ctx context.Context) (n int) {
	letters := make(chan letter)
	for _, box := range o.boxes {
		go o.emptyAndSay(ctx, box, letters)
	}
	for running := len(o.boxes); running > 0; {
		if l := <-letters; l.err != nil {
			running--
		} else {
			n++
		}
	}
	return n
}

var errEmpty = errors.New("empty")

func (o *postOffice) emptyAndSay(ctx context.Context, box mailbox, letters chan<- letter) {
	for {
		from, err := box.Next(ctx)
		if err == nil && from == "" {
			err = errEmpty
		}
		letters <- letter{from, err}
		if err != nil {
			return
		}
	}
}

// A loop that is left when the channel is closed, written out.
func (o *postOffice) collectAsked(ctx context.Context) (n int, err error) {
	letters := make(chan letter)
	var crew sync.WaitGroup
	for _, box := range o.boxes {
		crew.Add(1)
		go func() {
			defer crew.Done()
			o.emptyAsked(ctx, box, letters)
		}()
	}
	go func() {
		crew.Wait()
		close(letters)
	}()
	for {
		l, ok := <-letters
		if !ok {
			return n, nil
		}
		if l.err != nil {
			return n, l.err
		}
		n++
	}
}

func (o *postOffice) emptyAsked(ctx context.Context, box mailbox, letters chan<- letter) {
	for {
		from, err := box.Next(ctx)
		if err == nil && from == "" {
			return
		}
		letters <- letter{from, err} // want `this send blocks forever when collectAsked returns at line \d+: nobody receives from letters and it has no buffer; the goroutine started at line \d+ never ends`
		if err != nil {
			return
		}
	}
}
