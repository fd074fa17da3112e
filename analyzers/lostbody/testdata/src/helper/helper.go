// Package helper does things with responses for other packages.
package helper

import (
	"errors"
	"io"
	"net/http"
)

func Open(url string) (*http.Response, error) {
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

func Drain(resp *http.Response) {
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
}

func Check(resp *http.Response) error {
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

func (c *Client[T]) Send(req *http.Request) (*http.Response, error) {
	return c.HTTP.Do(req)
}
