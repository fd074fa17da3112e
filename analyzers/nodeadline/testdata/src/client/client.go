// Package client uses the helper package.
package client

import (
	"context"
	"errors"
	"helper"
	"net/http"
	"time"
)

func unlimited(url string) error {
	resp, err := helper.NewClient().Get(url) // want `neither the client has a Timeout nor the request a deadline`
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func limited(url string) error {
	resp, err := helper.NewLimited().Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func server() error {
	srv := &http.Server{Addr: ":80"}
	helper.Limit(srv)
	return srv.ListenAndServe()
}

// One field, and clients from several constructors in it.

type api struct {
	hc   *http.Client
	base string
}

func newAPI(base string) *api {
	return &api{base: base, hc: &http.Client{}} // want `this http.Client has no Timeout`
}

func newSlow(base string) *api {
	return &api{base: base, hc: &http.Client{Timeout: time.Minute}}
}

func newWith(base string, hc *http.Client) *api {
	if hc == nil {
		hc = new(http.Client) // want `this http.Client has no Timeout`
	}
	return &api{hc, base}
}

func newTuned(base string, d time.Duration) *api {
	hc := new(http.Client)
	hc.Timeout = d
	return &api{hc, base}
}

func (a *api) text(path string) error {
	resp, err := a.hc.Get(a.base + path)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// The same, but each request has a deadline.

type careful struct{ hc *http.Client }

func newCareful() *careful { return &careful{&http.Client{}} }

func (c *careful) get(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := c.hc.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// Transports: one of its own, and that of everybody.

type own struct{}

func (own) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("offline") }

func ownTransport(url string) error {
	c := &http.Client{Transport: own{}}
	resp, err := c.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func defaultTransport(url string) error {
	c := &http.Client{Transport: http.DefaultTransport} // want `this http.Client has no Timeout`
	resp, err := c.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// A client that callers may give, and the one that is taken when they do not.

type feed struct {
	url string
	hc  *http.Client
}

func newFeed(url string, options ...func(*feed)) *feed {
	f := &feed{url: url}
	for _, o := range options {
		o(f)
	}
	if f.hc == nil {
		f.hc = http.DefaultClient // want `http.DefaultClient has no timeout, and requests are sent by it without a deadline`
	}
	return f
}

func withClient(c *http.Client) func(*feed) { return func(f *feed) { f.hc = c } }

func (f *feed) read() (*http.Response, error) { return f.hc.Get(f.url) }

type patientFeed struct {
	url string
	hc  *http.Client
}

func newPatientFeed(url string, hc *http.Client) *patientFeed {
	f := &patientFeed{url: url, hc: hc}
	if hc == nil {
		f.hc = http.DefaultClient
	}
	return f
}

func (f *patientFeed) read(ctx context.Context) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.url, nil)
	if err != nil {
		return nil, err
	}
	return f.hc.Do(req)
}
