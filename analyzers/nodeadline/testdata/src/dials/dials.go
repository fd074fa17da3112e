// Package dials has clients whose transports say how they connect.
package dials

import (
	"context"
	"net"
	"net/http"
	"time"
)

// A Shop asks for prices. How long it takes to connect is limited, how long the answer takes is not.
type Shop struct {
	prices *http.Client
	orders *http.Client
}

func NewShop(parallel int) *Shop {
	d := &net.Dialer{Timeout: 3 * time.Second, KeepAlive: 30 * time.Second}
	t := &http.Transport{MaxConnsPerHost: parallel, DialContext: d.DialContext, TLSHandshakeTimeout: 5 * time.Second}
	return &Shop{
		prices: &http.Client{Transport: t}, // want `this http.Client has no Timeout, and sends requests without a deadline`
		orders: &http.Client{Transport: t, Timeout: time.Minute},
	}
}

func (s *Shop) Price(url string) error { return closed(s.prices.Get(url)) }

func (s *Shop) Order(url string) error { return closed(s.orders.Get(url)) }

func oldStyle(url string) error {
	c := &http.Client{Transport: &http.Transport{ // want `this http.Client has no Timeout`
		Dial: (&net.Dialer{Timeout: time.Second}).Dial,
	}}
	return closed(c.Get(url))
}

// The connection has a deadline of its own.
func limited(url string) error {
	c := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, addr)
			if err == nil {
				err = conn.SetDeadline(time.Now().Add(time.Minute))
			}
			return conn, err
		},
	}}
	return closed(c.Get(url))
}

// So may one of a dialer of its own.
type patientDialer struct{ net.Dialer }

func (d *patientDialer) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := d.Dialer.DialContext(ctx, network, addr)
	if err == nil {
		err = conn.SetDeadline(time.Now().Add(time.Minute))
	}
	return conn, err
}

func own(url string) error {
	d := new(patientDialer)
	return closed((&http.Client{Transport: &http.Transport{DialContext: d.DialContext}}).Get(url))
}

// What is stored last counts.
func replaced(url string) error {
	t := &http.Transport{DialContext: (&net.Dialer{}).DialContext}
	t.DialContext = new(patientDialer).DialContext
	return closed((&http.Client{Transport: t}).Get(url))
}

// The dialer limits how long it connects, and the transport how long it waits.
func both(url string) error {
	t := &http.Transport{DialContext: (&net.Dialer{Timeout: time.Second}).DialContext, ResponseHeaderTimeout: time.Second}
	return closed((&http.Client{Transport: t}).Get(url))
}

// The request has a deadline.
func bounded(ctx context.Context, url string) error {
	c := &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{}).DialContext}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	return closed(c.Do(req))
}

func closed(resp *http.Response, err error) error {
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
