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
