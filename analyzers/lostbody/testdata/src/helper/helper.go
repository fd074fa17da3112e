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

// Caller decodes answers for its callers.
type Caller struct {
	HTTP   *http.Client
	Decode func(resp *http.Response, into any) error
}

// Call returns the answer. If into is not nil, its body has been decoded and closed.
func (c *Caller) Call(req *http.Request, into any) (resp *http.Response, err error) {
	resp, err = c.HTTP.Do(req)
	if err != nil {
		return resp, err
	}
	if into == nil {
		return resp, nil
	}
	err = c.Decode(resp, into)
	return resp, err
}

// Fetch returns the answer, whose body it closes if nobody is to read it.
func (c *Caller) Fetch(req *http.Request, headers bool) (*http.Response, error) {
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return nil, err
	}
	if headers {
		return resp, resp.Body.Close()
	}
	return resp, nil
}

// Try returns the first answer that is one.
func (c *Caller) Try(req *http.Request, times int) (resp *http.Response, err error) {
	for range times {
		resp, err = c.HTTP.Do(req)
		if err == nil && resp.StatusCode < 500 {
			return resp, nil
		}
		if err == nil {
			resp.Body.Close()
		}
	}
	return nil, errors.New("none answers")
}

// Accept closes the body of an answer that it does not accept.
func Accept(resp *http.Response) error {
	switch resp.StatusCode {
	case http.StatusOK, http.StatusAccepted:
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	resp.Body.Close()
	if err != nil {
		return err
	}
	return errors.New(resp.Status + ": " + string(text))
}

// Answered closes the body of an answer without content.
func Answered(resp *http.Response) bool {
	if resp.StatusCode == http.StatusOK {
		return true
	}
	defer resp.Body.Close()
	return false
}

// Settle closes the body, except that of an answer that has to be waited for.
func Settle(resp *http.Response) error {
	if resp.StatusCode == http.StatusAccepted {
		return nil
	}
	return resp.Body.Close()
}

// An Answer is a response and the request that it is for.
type Answer struct {
	*http.Response
	Request *http.Request
}

func Ask(req *http.Request) (*Answer, error) {
	resp, err := http.DefaultClient.Do(req)
	return &Answer{resp, req}, err
}
