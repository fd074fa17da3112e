//go:build ignore

// proof: behaviour overwritten

package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"time"
)

func fetch(c *http.Client, url string) error {
	var resp *http.Response
	var err error
	for range 3 {
		resp, err = c.Get(url)
		if err == nil && resp.StatusCode < 500 {
			break
		}
	}
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// A counted connection says when it is closed.
type counted struct {
	net.Conn
	open *atomic.Int32
	once sync.Once
}

func (c *counted) Close() error {
	c.once.Do(func() { c.open.Add(-1) })
	return c.Conn.Close()
}

func run() string {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		w.Write(make([]byte, 1<<20))
	}))
	defer srv.Close()
	var open atomic.Int32
	tr := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := net.Dial(network, addr)
		if err != nil {
			return nil, err
		}
		open.Add(1)
		return &counted{Conn: c, open: &open}, nil
	}}
	for range 3 {
		fetch(&http.Client{Transport: tr}, srv.URL)
	}
	for range 20 {
		tr.CloseIdleConnections()
		if open.Load() == 0 {
			return "ok"
		}
		time.Sleep(10 * time.Millisecond)
	}
	defer srv.CloseClientConnections()
	return fmt.Sprintf("bad: %d connections are still open", open.Load())
}
