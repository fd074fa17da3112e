package a

import (
	"errors"
	"fmt"
	"io"
	"log"
	"sync"
)

// A table that writes itself down.
type table struct {
	mu   sync.Mutex
	rows map[string]int
	out  io.Writer
}

func (t *table) String() string {
	t.mu.Lock() // want `this Lock takes t.mu, which its caller \(\*table\).drop has held since line \d+: it waits for ever`
	defer t.mu.Unlock()
	return fmt.Sprint(len(t.rows))
}

func (t *table) drop(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.rows, name)
	log.Printf("dropped %s of %v", name, t)
}

func (t *table) address() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return fmt.Sprintf("%p %#v %T %d%%", t, t, t, len(t.rows))
}

func (t *table) rest() {
	t.mu.Lock()
	n := len(t.rows)
	t.mu.Unlock()
	fmt.Fprintln(t.out, t, n)
}

// Another table may be written down.
func (t *table) other(u *table) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintln(t.out, u)
}

// A problem has an Error and a String; the first one is asked.
type problem struct {
	mu  sync.Mutex
	err error
}

func (p *problem) Error() string { return p.err.Error() }

func (p *problem) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err.Error()
}

func (p *problem) wrap() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = errors.New(fmt.Sprint(p))
}
