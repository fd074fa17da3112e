package streams

import (
	"errors"
	"io"
)

// Three goroutines in a row, of which the last leaves for an error of its own.
type press struct {
	paper  io.Writer
	result chan error
}

func (p *press) sheets(n int, out chan<- int) {
	defer close(out)
	for i := range n {
		out <- i
	}
}

func (p *press) set(in <-chan int, out chan<- []byte) {
	defer close(out)
	for s := range in {
		out <- make([]byte, s) // want `this send blocks forever once print has returned at line \d+: nobody else receives from out`
	}
}

func (p *press) print(in <-chan []byte) {
	for s := range in {
		if _, err := p.paper.Write(s); err != nil {
			p.result <- err
			return
		}
	}
	p.result <- nil
}

func (p *press) Print(n int) error {
	plates, sheets := make(chan int), make(chan []byte)
	p.result = make(chan error, 1)
	go p.sheets(n, plates)
	go p.set(plates, sheets)
	go p.print(sheets)
	return <-p.result
}

// Here two print, both of which leave.
type presses struct{ paper io.Writer }

func (p *presses) set(n int, out chan<- []byte) {
	defer close(out)
	for s := range n {
		out <- make([]byte, s) // want `this send blocks forever when Print returns at line \d+: nobody receives from out`
	}
}

func (p *presses) print(in <-chan []byte) error {
	for s := range in {
		if _, err := p.paper.Write(s); err != nil {
			return err
		}
	}
	return nil
}

func (p *presses) Print(n int) error {
	sheets := make(chan []byte)
	result := make(chan error, 2)
	go p.set(n, sheets)
	go func() { result <- p.print(sheets) }()
	go func() { result <- p.print(sheets) }()
	return errors.Join(<-result, <-result)
}

// Who sets this one reads what is left after an error.
type careful struct{ paper io.Writer }

func (p *careful) set(n int, out chan<- []byte) {
	defer close(out)
	for s := range n {
		out <- make([]byte, s)
	}
}

func (p *careful) print(in <-chan []byte, result chan<- error) {
	var first error
	for s := range in {
		if first != nil {
			continue
		}
		_, first = p.paper.Write(s)
	}
	result <- first
}

func (p *careful) Print(n int) error {
	sheets, result := make(chan []byte), make(chan error, 1)
	go p.set(n, sheets)
	go p.print(sheets, result)
	return <-result
}

// And this one asks before each sheet.
type asking struct {
	paper io.Writer
	torn  chan struct{}
}

func (p *asking) set(n int, out chan<- []byte) {
	defer close(out)
	for s := range n {
		if p.isTorn() {
			return
		}
		out <- make([]byte, s)
	}
}

func (p *asking) isTorn() bool {
	select {
	case <-p.torn:
		return true
	default:
		return false
	}
}

func (p *asking) print(in <-chan []byte, result chan<- error) {
	for s := range in {
		if _, err := p.paper.Write(s); err != nil {
			close(p.torn)
			result <- err
			return
		}
	}
	result <- nil
}

func (p *asking) Print(n int) error {
	sheets, result := make(chan []byte), make(chan error, 1)
	go p.set(n, sheets)
	go p.print(sheets, result)
	return <-result
}
