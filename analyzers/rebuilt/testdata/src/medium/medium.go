// Package medium has what only -all tells.
package medium

import (
	"net/http"
	"time"
)

type Mirror struct{ timeout time.Duration }

// Its connections end after a while, but serve nobody until then.
func (m *Mirror) Head(url string) (*http.Response, error) {
	c := &http.Client{
		Transport: &http.Transport{IdleConnTimeout: time.Minute}, // want `each call makes an http.Transport of its own and forgets it: its idle connections, and two goroutines for each, stay until they time out, and no other call can use them`
		Timeout:   m.timeout,
	}
	return c.Head(url)
}

func short() *http.Transport { return &http.Transport{IdleConnTimeout: time.Second} }

func (m *Mirror) Get(url string) (*http.Response, error) {
	c := &http.Client{Transport: short()} // want `short makes an http.Transport of its own, and this function forgets it`
	return c.Get(url)
}

func (m *Mirror) Post(url string) (*http.Response, error) {
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, IdleConnTimeout: time.Minute}}
	return c.Post(url, "", nil)
}
