// Package helper does things with responses for other packages.
package body

import (
	"errors"
	"io"
	"net/http"
)

func Open(url string) (*http.Response, error) { // want Open:`handles opens0`
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 500 {
		resp.Body.Close()
		return nil, errors.New(resp.Status)
	}
	return resp, nil
}

func Drain(resp *http.Response) { // want Drain:`handles closes0`
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
}

func Check(resp *http.Response) error { // want Check:`handles keeps0`
	if resp.StatusCode != 200 {
		return errors.New(resp.Status)
	}
	return nil
}

func Read(url string) (*http.Response, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	return resp, nil
}

type Client[T any] struct {
	HTTP *http.Client
}

func (c *Client[T]) Send(req *http.Request) (*http.Response, error) { // want Send:`handles opens0`
	return c.HTTP.Do(req)
}

// Accept closes the body of an answer that it does not accept.
func Accept(resp *http.Response) error { // want Accept:`handles refuses0`
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNotFound {
		return ErrMissing
	}
	return errors.New(resp.Status)
}

var ErrMissing = errors.New("missing")

// Settle closes the body, except that of an answer that has to be waited for.
func Settle(resp *http.Response) error { // want Settle:`handles closes0`
	if resp.StatusCode == http.StatusAccepted {
		return nil
	}
	return resp.Body.Close()
}
