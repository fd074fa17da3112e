//go:build ignore

// There is room for every answer.

package main

import (
	"errors"
	"time"
)

type mirror struct {
	name  string
	delay time.Duration
}

func (m mirror) head(path string) string {
	time.Sleep(m.delay)
	return m.name + path
}

type download struct{ mirrors []mirror }

// Fastest returns the address at the mirror that answers first.
func (d *download) Fastest(path string) (string, error) {
	if len(d.mirrors) == 0 {
		return "", errors.New("no mirrors")
	}
	answers := make(chan string, len(d.mirrors))
	for _, m := range d.mirrors {
		go func() {
			answers <- m.head(path)
		}()
	}
	return <-answers, nil
}

func run() {
	d := &download{mirrors: []mirror{{"a", 0}, {"b", time.Millisecond}, {"c", time.Millisecond}}}
	d.Fastest("/pool/x.deb")
}
