// Package client uses the helper package.
package client

import (
	"helper"
	"net/http"
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
