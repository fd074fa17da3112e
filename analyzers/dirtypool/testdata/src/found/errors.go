package found

import (
	"errors"
	"io"
	"sync"
)

// An error that ends the work early does not decide what a field means. Nor does what leads to the error.

type crate struct {
	address string
	fragile bool
	items   [][]byte
}

func (p *crate) reset() { // want `\(\*crate\).reset leaves field fragile set`
	p.address = ""
	clear(p.items)
	p.items = p.items[:0]
}

var crates = sync.Pool{New: func() any { return new(crate) }}

func unpack(address string, marks map[string]string, items ...[]byte) *crate {
	p := crates.Get().(*crate)
	p.address = address
	if marks["fragile"] != "" {
		p.fragile = true
	}
	p.items = append(p.items, items...)
	return p
}

func ship(w io.Writer, address string, marks map[string]string, items [][]byte) error {
	p := unpack(address, marks, items...)
	defer func() {
		p.reset()
		crates.Put(p)
	}()
	for _, item := range p.items {
		if len(item) == 0 {
			continue
		}
		if _, err := w.Write(item); err != nil {
			return err
		}
	}
	if p.fragile {
		return errors.New("by hand")
	}
	return nil
}

// Silent: the count says which of the flags mean something, with an error or without.

type ballot struct {
	voted  bool
	choice int
	late   bool
}

func (b *ballot) reset() {
	b.voted = false
	b.choice = 0
}

var ballots = sync.Pool{New: func() any { return new(ballot) }}

func vote(choice int, late bool) *ballot {
	b := ballots.Get().(*ballot)
	if choice > 0 {
		b.voted, b.choice = true, choice
		b.late = late
	}
	return b
}

func count(w io.StringWriter, choice int, late bool) error {
	b := vote(choice, late)
	defer func() {
		b.reset()
		ballots.Put(b)
	}()
	if b.voted {
		if _, err := w.WriteString("+"); err != nil {
			return err
		}
		if b.late {
			return errors.New("late")
		}
	}
	return nil
}
