package a

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// The connection is there already, and closed by who has made it.
func Through(ctx context.Context, conn net.Conn, url string) error {
	defer conn.Close()
	conns := make(chan net.Conn, 1)
	conns <- conn
	tr := &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			select {
			case c := <-conns:
				return c, nil
			default:
				return nil, errors.New("there is one connection")
			}
		},
	}
	return get(ctx, &http.Client{Transport: tr}, url)
}

func ThroughOwn(ctx context.Context, address, url string) error {
	tr := &http.Transport{ // want `each call makes an http.Transport of its own and forgets it`
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, network, address)
			return c, err
		},
	}
	return get(ctx, &http.Client{Transport: tr}, url)
}

func get(ctx context.Context, c *http.Client, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func ThroughConnect(ctx context.Context, address, url string) error {
	tr := &http.Transport{ // want `each call makes an http.Transport of its own and forgets it`
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			c, err := connect(ctx, address)
			if err != nil {
				return nil, err
			}
			return c, nil
		},
	}
	return get(ctx, &http.Client{Transport: tr}, url)
}

func connect(ctx context.Context, address string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, "tcp", address)
}

// An idle connection fails at the deadline.
func Ping(ctx context.Context, address, url string) error {
	tr := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			c, err := connect(ctx, address)
			if err != nil {
				return nil, err
			}
			if err := c.SetDeadline(time.Now().Add(time.Second)); err != nil {
				return nil, err
			}
			return c, nil
		},
	}
	return get(ctx, &http.Client{Transport: tr}, url)
}

// Here it is for the greeting alone.
func PingGreeted(ctx context.Context, address, url string) error {
	tr := &http.Transport{ // want `each call makes an http.Transport of its own and forgets it`
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			c, err := connect(ctx, address)
			if err != nil {
				return nil, err
			}
			if err := c.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
				return nil, err
			}
			if _, err := c.Read(make([]byte, 8)); err != nil {
				return nil, err
			}
			return c, c.SetReadDeadline(time.Time{})
		},
	}
	return get(ctx, &http.Client{Transport: tr}, url)
}

// What a package variable holds is in no declared function.
var fetchers = map[string]func(context.Context, string) error{
	"own": func(ctx context.Context, url string) error {
		tr := &http.Transport{MaxIdleConns: 1}
		return get(ctx, &http.Client{Transport: tr}, url)
	},
	"none": func(ctx context.Context, url string) error {
		tr := &http.Transport{DisableKeepAlives: true}
		return get(ctx, &http.Client{Transport: tr}, url)
	},
}
