// Package serve greets who connects.
package serve

import (
	"fmt"
	"net"
)

type Greeter struct{ Name string }

// Serve returns when the listener is closed.
func (g *Greeter) Serve(l net.Listener) error {
	for {
		c, err := l.Accept()
		if err != nil {
			return fmt.Errorf("accepting: %w", err)
		}
		go g.greet(c)
	}
}

func (g *Greeter) greet(c net.Conn) {
	fmt.Fprintln(c, g.Name)
	c.Close()
}

// Probe accepts once.
func (g *Greeter) Probe(l net.Listener) error {
	c, err := l.Accept()
	if err == nil {
		c.Close()
	}
	return err
}
