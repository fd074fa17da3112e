package life

import (
	"errors"
	"io"
	"log"
)

type line interface{ Hear() (string, error) }

// A call ends when the other side hangs up, or when Hangup says so.
type call struct {
	line  line
	over  chan struct{}
	words chan string
	err   error
}

func Dial(l line) *call {
	c := &call{line: l, over: make(chan struct{}), words: make(chan string, 8)}
	go c.hear()
	return c
}

func (c *call) hear() {
	defer close(c.words)
	for {
		w, err := c.line.Hear()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				c.err = err
				log.Print(err)
			}
			return
		}
		select {
		case c.words <- w:
		case <-c.over:
			return
		}
	}
}

func (c *call) Words() <-chan string { return c.words }

func (c *call) Hangup() {
	c.over <- struct{}{} // want `this send blocks forever once hear has returned at line \d+: nobody else receives from c.over`
}

// Who hangs up this one looks first whether it is over.
type watched struct {
	line line
	over chan struct{}
	gone bool
}

func DialWatched(l line) *watched {
	c := &watched{line: l, over: make(chan struct{})}
	go c.hear()
	return c
}

func (c *watched) hear() {
	for {
		if _, err := c.line.Hear(); err != nil {
			c.gone = true
			return
		}
		select {
		case <-c.over:
			return
		default:
		}
	}
}

func (c *watched) Hangup() {
	if !c.gone {
		c.over <- struct{}{}
	}
}

// This one waits for it after an error.
type patient struct {
	line line
	over chan struct{}
	fail chan error
}

func DialPatient(l line) *patient { // want DialPatient:`starts a goroutine that Hangup of 0 ends`
	c := &patient{line: l, over: make(chan struct{}), fail: make(chan error)}
	go c.hear()
	return c
}

func (c *patient) Fail() error { return <-c.fail }

func (c *patient) hear() {
	for {
		if _, err := c.line.Hear(); err != nil {
			select {
			case c.fail <- err:
			case <-c.over:
				return
			}
			select {
			case <-c.over:
				return
			}
		}
		select {
		case <-c.over:
			return
		default:
		}
	}
}

func (c *patient) Hangup() { c.over <- struct{}{} }

// The exchange is told, and forgets the call.
type exchange struct{ calls map[*routed]bool }

type routed struct {
	line line
	by   *exchange
	over chan struct{}
}

func (x *exchange) Dial(l line) {
	c := &routed{line: l, by: x, over: make(chan struct{})}
	x.calls[c] = true
	go c.hear()
}

func (x *exchange) drop(c *routed) { delete(x.calls, c) }

func (c *routed) hear() {
	for {
		if _, err := c.line.Hear(); err != nil {
			c.by.drop(c)
			return
		}
		select {
		case <-c.over:
			return
		default:
		}
	}
}

func (c *routed) hangup() { c.over <- struct{}{} }

func (x *exchange) Close() {
	for c := range x.calls {
		c.hangup()
	}
}

// A close may come late.
type closing struct {
	line line
	over chan struct{}
}

func DialClosing(l line) *closing {
	c := &closing{line: l, over: make(chan struct{})}
	go c.hear()
	return c
}

func (c *closing) hear() {
	for {
		if _, err := c.line.Hear(); err != nil {
			return
		}
		select {
		case <-c.over:
			return
		default:
		}
	}
}

func (c *closing) Hangup() { close(c.over) }
