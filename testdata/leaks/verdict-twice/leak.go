//go:build ignore

// A failed check sends its error and then, for want of a return, a verdict too.
//
// leak: lostgoroutine double-send: reported

package main

import (
	"errors"
	"strings"
)

type verdict struct {
	user string
	ok   bool
	err  error
}

// A guard checks tokens with a slow back end.
type guard struct {
	known map[string]string // token → user
}

func (g *guard) lookup(token string) (string, error) {
	user, ok := g.known[strings.TrimSpace(token)]
	if !ok {
		return "", errors.New("unknown token")
	}
	return user, nil
}

func (g *guard) check(token string, out chan<- verdict) {
	user, err := g.lookup(token)
	if err != nil {
		out <- verdict{err: err}
	}
	out <- verdict{user: user, ok: true}
}

// Allow reports who owns the token.
func (g *guard) Allow(token string) (string, error) {
	out := make(chan verdict)
	go g.check(token, out)
	v := <-out
	return v.user, v.err
}

func run() {
	g := &guard{known: map[string]string{"t1": "ann"}}
	g.Allow("t1")
	g.Allow("nobody")
}
