//go:build ignore

// proof: behaviour

package main

import (
	"net"
	"sync"
)

var opened bool

var listener = sync.OnceValues(func() (net.Listener, error) {
	opened = true
	return net.Listen("tcp", "127.0.0.1:0")
})

func run() string {
	if opened {
		return "bad: the port is open before anybody has asked"
	}
	if l, err := listener(); err == nil {
		l.Close()
	}
	return "ok"
}
