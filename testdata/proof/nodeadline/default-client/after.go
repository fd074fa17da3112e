//go:build ignore

// proof: behaviour default-client

package main

import (
	"context"
	"net"
	"net/http"
	"time"
)

func fetch(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
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
