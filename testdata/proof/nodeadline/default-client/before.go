//go:build ignore

// proof: behaviour default-client

package main

import (
	"net"
	"net/http"
	"time"
)

func fetch(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func run() string {
	l, err := net.Listen("tcp", "127.0.0.1:0") // answers nobody
	if err != nil {
		return "bad: " + err.Error()
	}
	defer l.Close()
	done := make(chan error, 1)
	go func() { done <- fetch("http://" + l.Addr().String()) }()
	select {
	case <-done:
		return "ok"
	case <-time.After(500 * time.Millisecond):
		return "bad: the client waits on"
	}
}
