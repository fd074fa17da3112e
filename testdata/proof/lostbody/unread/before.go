//go:build ignore

// proof: behaviour unread -all

package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
)

func warm(c *http.Client, url string) error {
	resp, err := c.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func run() string {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write(make([]byte, 1<<20))
	}))
	defer srv.Close()
	dialed := 0
	tr := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		dialed++
		return net.Dial(network, addr)
	}}
	defer tr.CloseIdleConnections()
	for range 10 {
		warm(&http.Client{Transport: tr}, srv.URL)
	}
	if dialed > 1 {
		return fmt.Sprintf("bad: %d connections for 10 requests, one after the other", dialed)
	}
	return "ok"
}
