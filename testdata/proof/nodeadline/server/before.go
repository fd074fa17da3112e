//go:build ignore

// proof: behaviour server

package main

import (
	"errors"
	"net"
	"net/http"
	"os"
	"time"
)

func serve(l net.Listener) {
	srv := &http.Server{Handler: http.NotFoundHandler()}
	srv.Serve(l)
}

// patience returns whether the server still waits for a client that has sent half a
// request a while ago.
func patience(addr string) string {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return "bad: " + err.Error()
	}
	defer c.Close()
	c.Write([]byte("GET / HTTP/1.1\r\n"))
	c.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
	if _, err := c.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
		return "bad: the server waits on"
	}
	return "ok"
}

func run() string {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		return "bad: " + err.Error()
	}
	defer l.Close()
	go serve(l)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return patience(net.JoinHostPort("127.0.0.1", port))
}
