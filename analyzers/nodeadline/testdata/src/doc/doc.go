package doc

import (
	"context"
	"io"
	"net/http"
	"time"
)

func serve(h http.Handler) error {
	srv := &http.Server{Addr: ":8080", Handler: h} // want `this http.Server has neither ReadHeaderTimeout nor ReadTimeout: a client that sends its headers slowly, or nothing, keeps a connection and a goroutine for as long as it likes; set ReadHeaderTimeout`
	return srv.ListenAndServe()
}

func serveDirectly(h http.Handler) error {
	return http.ListenAndServe(":8080", h) // want `http.ListenAndServe serves without any timeout: .*; use an http.Server with ReadHeaderTimeout`
}

func serveWithLimit(h http.Handler) error {
	srv := &http.Server{Addr: ":8080", Handler: h, ReadHeaderTimeout: 10 * time.Second}
	return srv.ListenAndServe()
}

var api = &http.Client{} // want `this http.Client has no Timeout, and sends requests without a deadline: a server that never answers keeps a goroutine and a connection for ever; set Timeout`

func status(url string) (string, error) {
	resp, err := api.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	return resp.Status, nil
}

func fetch(url string) ([]byte, error) {
	resp, err := http.Get(url) // want `http.Get has no deadline: a server that never answers keeps this goroutine and its connection for ever; use an http.Client with Timeout, or a request with a context that has one`
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

var apiWithLimit = &http.Client{Timeout: 30 * time.Second}

func statusWithLimit(url string) (string, error) {
	resp, err := apiWithLimit.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	return resp.Status, nil
}

func fetchUntil(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}
