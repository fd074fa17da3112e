//go:build ignore

// Two goroutines copy, one in each direction, and the proxy waits for the first
// of them only.
//
// leak: lostgoroutine first-wins: reported as lostgoroutine abandoned-send

package main

import (
	"io"
	"strings"
)

type side struct {
	in  io.Reader
	out io.Writer
}

func relay(dst io.Writer, src io.Reader, errs chan error) {
	_, err := io.Copy(dst, src)
	errs <- err
}

// proxy copies between two sides until one of them is at its end.
func proxy(client, server side) error {
	errs := make(chan error)
	go relay(server.out, client.in, errs)
	go relay(client.out, server.in, errs)
	return <-errs
}

func run() {
	proxy(side{strings.NewReader("a"), io.Discard}, side{strings.NewReader("b"), io.Discard})
}
