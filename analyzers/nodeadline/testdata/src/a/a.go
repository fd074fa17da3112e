// Package a waits without limit beside code that does not.
package a

import (
	"context"
	"errors"
	"flag"
	"net"
	"net/http"
	"time"
)

// servers

type app struct {
	srv    *http.Server
	client *http.Client
	plain  http.Client
	limit  http.Client
	sender *http.Client
}

func newApp(h http.Handler, limit time.Duration) *app {
	return &app{
		srv:    &http.Server{Handler: h, IdleTimeout: time.Minute}, // want `neither ReadHeaderTimeout nor ReadTimeout`
		client: &http.Client{},                                     // want `this http.Client has no Timeout`
		limit:  http.Client{Timeout: limit},
		sender: new(http.Client),
	}
}

func zero(l net.Listener, h http.Handler) error {
	var srv http.Server // want `the http.Server srv gets neither ReadHeaderTimeout nor ReadTimeout`
	srv.Handler = h
	return srv.Serve(l)
}

func zeroed(l net.Listener) error {
	srv := http.Server{ReadHeaderTimeout: 0} // want `neither ReadHeaderTimeout nor ReadTimeout`
	return srv.Serve(l)
}

func tls(cert, key string) error {
	return http.ListenAndServeTLS(":443", cert, key, nil) // want `http.ListenAndServeTLS serves without any timeout`
}

func onListener(l net.Listener) error {
	return http.Serve(l, nil) // want `http.Serve serves without any timeout`
}

func run(srv *http.Server) error { return srv.ListenAndServe() }

func handedToRunner() error {
	return run(&http.Server{Addr: ":80"}) // want `neither ReadHeaderTimeout nor ReadTimeout`
}

func configured(read time.Duration) error {
	srv := &http.Server{Addr: ":80", ReadTimeout: read}
	return srv.ListenAndServe()
}

func setLater(limit time.Duration) error {
	srv := &http.Server{Addr: ":80"}
	srv.ReadHeaderTimeout = limit
	return srv.ListenAndServe()
}

func zeroSetLater() error {
	var srv http.Server
	srv.ReadTimeout = time.Second
	return srv.ListenAndServe()
}

func debug() {
	go http.ListenAndServe("localhost:6060", nil)
	go http.ListenAndServe("127.0.0.1:6060", nil)
}

var addr = flag.String("http", "localhost:0", "listen here")

func tool() error {
	l, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	return http.Serve(l, nil)
}

func unix(path string) error {
	l, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	srv := &http.Server{}
	return srv.Serve(l)
}

func timeoutHandler(h http.Handler) error {
	return http.ListenAndServe(":80", http.TimeoutHandler(h, time.Second, "slow"))
}

type limitListener struct{ net.Listener }

func (l limitListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		c.SetDeadline(time.Now().Add(time.Minute))
	}
	return c, err
}

func ownListener(l net.Listener) error {
	return http.Serve(limitListener{l}, nil)
}

// clients

func (a *app) get(url string) error {
	resp, err := a.client.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (a *app) getPlain(url string) error {
	resp, err := a.plain.Get(url) // want `neither the client has a Timeout nor the request a deadline`
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (a *app) getLimited(url string) error {
	resp, err := a.limit.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (a *app) send(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		return err
	}
	resp, err := a.sender.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func local(url string) error {
	c := &http.Client{Transport: &http.Transport{MaxIdleConns: 10}} // want `this http.Client has no Timeout`
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return err
	}
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func background(url string) error {
	req, err := http.NewRequestWithContext(context.Background(), "GET", url, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "*/*")
	resp, err := http.DefaultClient.Do(req) // want `http.DefaultClient has no timeout, and the request no deadline`
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func newRequest(url string) (*http.Request, error) {
	if url == "" {
		return nil, errors.New("no URL")
	}
	return http.NewRequest("GET", url, nil)
}

func throughHelper(url string) error {
	req, err := newRequest(url)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req) // want `http.DefaultClient has no timeout, and the request no deadline`
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func withDeadline(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req.WithContext(ctx))
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func deadlineThrough(url string, c *http.Client) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		return err
	}
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func given(c *http.Client, url string) error {
	resp, err := c.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func transportWithLimit(url string) error {
	c := &http.Client{Transport: &http.Transport{ResponseHeaderTimeout: time.Second}}
	resp, err := c.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func transportUnknown(rt http.RoundTripper, url string) error {
	c := http.Client{Transport: rt}
	resp, err := c.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func timeoutSet(url string) error {
	c := &http.Client{}
	c.Timeout = time.Second
	resp, err := c.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func handler(w http.ResponseWriter, r *http.Request) {
	resp, err := http.Get("http://backend" + r.URL.Path) // want `http.Get has no deadline`
	if err != nil {
		return
	}
	resp.Body.Close()
}

func healthy() error {
	resp, err := http.Get("http://127.0.0.1:8080/healthz")
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func newBare() *http.Client { return &http.Client{} } // want `this http.Client has no Timeout` newBare:`unlimited`

func useBare(url string) error {
	resp, err := newBare().Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

type api struct {
	http  *http.Client
	value http.Client
}

func newAPI() *api { return &api{http: http.DefaultClient, value: http.Client{}} } // want `http.DefaultClient has no timeout`

func (a *api) get(url string) error {
	resp, err := a.http.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (a *api) getValue(url string) error {
	resp, err := a.value.Get(url) // want `neither the client has a Timeout nor the request a deadline`
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func newlyMade(h http.Handler) error {
	srv := new(http.Server) // want `neither ReadHeaderTimeout nor ReadTimeout`
	srv.Handler = h
	return srv.ListenAndServe()
}

func newlyMadeLimited(h http.Handler) error {
	srv := new(http.Server)
	srv.Handler = h
	srv.ReadTimeout = time.Second
	return srv.ListenAndServe()
}

func post(c *http.Client, url string) error {
	req, err := http.NewRequest("POST", url, nil)
	if err != nil {
		return err
	}
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func postBare(url string) error { return post(&http.Client{}, url) } // want `this http.Client has no Timeout`

func postLimited(url string) error { return post(&http.Client{Timeout: time.Second}, url) }

func byValue(url string) error {
	c := http.Client{} // want `this http.Client has no Timeout`
	resp, err := c.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
