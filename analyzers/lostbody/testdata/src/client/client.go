// Package client uses the helper package.
package client

import (
	"helper"
	"net/http"
)

func checked(url string) error {
	resp, err := helper.Open(url) // want `the body of resp is never closed`
	if err != nil {
		return err
	}
	return helper.Check(resp)
}

func drained(url string) error {
	resp, err := helper.Open(url)
	if err != nil {
		return err
	}
	defer helper.Drain(resp)
	return helper.Check(resp)
}

func read(url string) error {
	resp, err := helper.Read(url)
	if err != nil {
		return err
	}
	return helper.Check(resp)
}

func generic(c *helper.Client[int], req *http.Request) (int, error) {
	resp, err := c.Send(req) // want `the body of resp is never closed`
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}

// The body is closed where the answer is decoded.
func decoded(c *helper.Caller, req *http.Request) (int, error) {
	var answer struct{ N int }
	resp, err := c.Call(req, &answer)
	if err != nil {
		return 0, err
	}
	if resp.StatusCode != http.StatusOK {
		return 0, nil
	}
	return answer.N, nil
}

func length(c *helper.Caller, req *http.Request) (int64, error) {
	resp, err := c.Fetch(req, true)
	if err != nil {
		return 0, err
	}
	return resp.ContentLength, nil
}

func tried(c *helper.Caller, req *http.Request) (int, error) {
	resp, err := c.Try(req, 3) // want `the body of resp is never closed`
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}

// A client of an API decodes the answer, and closes its body then.
type api interface {
	Do(req *http.Request, into any) (*http.Response, error)
}

func rename(c api, req *http.Request) (string, error) {
	var answer struct{ Name string }
	if _, err := c.Do(req, &answer); err != nil {
		return "", err
	}
	return answer.Name, nil
}

func remove(c api, req *http.Request) error {
	_, err := c.Do(req, nil) // want `the response of c.Do is discarded, and its body stays open`
	return err
}

// There is no body to close.
func send(method, url string) (*http.Response, error) {
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		return nil, err
	}
	return http.DefaultClient.Do(req)
}

func exists(url string) (bool, error) {
	resp, err := send("HEAD", url)
	if err != nil {
		return false, err
	}
	return resp.StatusCode == http.StatusOK, nil
}

func there(url string) (bool, error) {
	resp, err := send("GET", url) // want `the body of resp is never closed`
	if err != nil {
		return false, err
	}
	return resp.StatusCode == http.StatusOK, nil
}
