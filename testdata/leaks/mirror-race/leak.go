//go:build ignore

// All mirrors answer, the first answer is taken, and the others have no taker.
//
// leak: lostgoroutine first-wins: reported

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
	answers := make(chan string)
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
