package a

import (
	"context"
	"errors"
	"net"
	"net/http"
)

// A body ends with the connection, which the function has kept for itself.
func logIn(addr string, req *http.Request) (net.Conn, error) {
	var conn net.Conn
	tr := &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			conn = c
			return c, nil
		},
	}
	resp, err := tr.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		conn.Close()
		return nil, errors.New(resp.Status)
	}
	resp.Body.Close()
	return conn, nil
}

// The same by way of a client.
func logInAs(addr string, req *http.Request) (net.Conn, error) {
	var conn net.Conn
	client := &http.Client{Transport: &http.Transport{
		Dial: func(network, _ string) (c net.Conn, err error) {
			conn, err = net.Dial(network, addr)
			return conn, err
		},
	}}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		conn.Close()
		return nil, errors.New(resp.Status)
	}
	resp.Body.Close()
	return conn, nil
}

// Another connection has no say in it.
func logInBeside(addr string, other net.Conn, req *http.Request) (net.Conn, error) {
	var conn net.Conn
	beside := other
	tr := &http.Transport{
		Dial: func(network, _ string) (c net.Conn, err error) {
			conn, err = net.Dial(network, addr)
			return conn, err
		},
	}
	resp, err := tr.RoundTrip(req) // want `the body of resp is not closed on the path that returns at line \d+`
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		beside.Close()
		return nil, errors.New(resp.Status)
	}
	resp.Body.Close()
	return conn, nil
}
