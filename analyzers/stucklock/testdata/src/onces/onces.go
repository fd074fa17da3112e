// Package onces has functions that a sync.Once runs, and that come back to it.
package onces

import (
	"errors"
	"sync"
)

// A Catalog is read when it is first asked for; resolving the aliases asks again.
type Catalog struct {
	once    sync.Once
	names   map[string]string
	aliases map[string]string
	err     error
}

func (c *Catalog) Lookup(name string) (string, error) {
	c.once.Do(c.read)
	if c.err != nil {
		return "", c.err
	}
	return c.names[name], nil
}

func (c *Catalog) read() {
	c.names = map[string]string{"a": "1"}
	for from, to := range c.aliases {
		v, err := c.Lookup(to) // want `this call of \(\*Catalog\).Lookup leads to one of c.once.Do, which runs \(\*Catalog\).read and waits for its end: neither ever comes back`
		if err != nil {
			c.err = err
			return
		}
		c.names[from] = v
	}
}

// The check of a Link comes back by way of two others, if it is asked for at all.
type Link struct {
	once  sync.Once
	check bool
	to    string
	err   error
}

func (l *Link) open() {
	l.once.Do(func() {
		l.to, l.err = "up", nil
		if l.err != nil || !l.check {
			return
		}
		l.err = l.verify() // want `this call of \(\*Link\).verify leads to one of l.once.Do, which runs the function literal on line \d+ and waits for its end: neither ever comes back`
	})
}

func (l *Link) verify() error {
	if l.target() == "" {
		return errors.New("no target")
	}
	return nil
}

func (l *Link) target() string {
	l.open()
	return l.to
}

// A Chain opens the next one, which has a Once of its own.
type Chain struct {
	once sync.Once
	next *Chain
	n    int
}

func (c *Chain) Open() {
	c.once.Do(func() {
		c.n++
		if c.next != nil {
			c.next.Open()
		}
	})
}

// A Menu is known to be there before it asks itself.
type Menu struct {
	once  sync.Once
	ready bool
	items []string
}

func (m *Menu) Items() []string {
	if !m.ready {
		m.once.Do(m.load)
	}
	return m.items
}

func (m *Menu) load() {
	m.items = []string{"soup"}
	m.ready = true
	for range m.Items() {
		println("item")
	}
}

// Others who ask meanwhile wait for a while.
type Feed struct {
	once sync.Once
	n    int
}

func (f *Feed) Start() { f.once.Do(f.run) }

func (f *Feed) run() {
	go f.Start()
	f.n++
}

var (
	setUp  sync.Once
	config string
)

func Config() string {
	setUp.Do(load)
	return config
}

// What it is asked never leads there.
func load() { config = expand("$HOME") }

func expand(s string) string {
	if s == "" {
		return Config()
	}
	return s
}

var (
	tables sync.Once
	table  []int
)

func Table() []int {
	tables.Do(build)
	return table
}

func build() {
	for i := range 10 {
		table = append(table, size(i)) // want `this call of size leads to one of tables.Do, which runs build and waits for its end: neither ever comes back`
	}
}

func size(i int) int {
	return i + len(Table())
}
