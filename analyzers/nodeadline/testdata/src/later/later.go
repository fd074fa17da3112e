// Package later sets the timeouts of a server that is made elsewhere.
package later

import (
	"net/http"
	"time"
)

func newServer(h http.Handler) *http.Server {
	return &http.Server{Addr: ":80", Handler: h}
}

func limit(srv *http.Server) { srv.ReadHeaderTimeout = time.Second } // want limit:`sets`

func serve(h http.Handler) error {
	srv := newServer(h)
	limit(srv)
	return srv.ListenAndServe()
}

func local() error {
	srv := &http.Server{Addr: ":80"} // want `neither ReadHeaderTimeout nor ReadTimeout`
	return srv.ListenAndServe()
}

func limited() error {
	srv := &http.Server{Addr: ":80"}
	limit(srv)
	return srv.ListenAndServe()
}

// Servers that are returned, and what becomes of them.

func public(h http.Handler) *http.Server {
	return &http.Server{Addr: ":80", Handler: h} // want `neither ReadHeaderTimeout nor ReadTimeout`
}

func private(h http.Handler) *http.Server {
	srv := &http.Server{Addr: ":81", Handler: h}
	return srv
}

func hardened(srv *http.Server) *http.Server { // want hardened:`sets`
	srv.IdleTimeout = time.Minute
	limit(srv)
	return srv
}

func both(h http.Handler) error {
	go hardened(private(h)).ListenAndServe()
	return public(h).ListenAndServe()
}

// A struct that embeds a server.

type daemon struct {
	http.Server
	ready chan struct{}
}

func start(h http.Handler) error {
	d := &daemon{ready: make(chan struct{})} // want `the http.Server in d gets neither ReadHeaderTimeout nor ReadTimeout`
	d.Handler = h
	return d.ListenAndServe()
}

func startLimited(h http.Handler) error {
	d := &daemon{ready: make(chan struct{})}
	d.Handler = h
	d.ReadTimeout = time.Minute
	return d.ListenAndServe()
}

func startOther(h http.Handler) error {
	var d daemon
	d.Handler = h
	limit(&d.Server)
	return d.ListenAndServe()
}

func startNone(h http.Handler) error {
	var d daemon // want `the http.Server d gets neither ReadHeaderTimeout nor ReadTimeout`
	d.Handler = h
	return d.ListenAndServe()
}

// Servers in fields, and timeouts that are set by way of another field.

type plainApp struct{ http *http.Server }

func newPlainApp(h http.Handler) *plainApp {
	return &plainApp{http: &http.Server{Addr: ":80", Handler: h}} // want `neither ReadHeaderTimeout nor ReadTimeout`
}

func (a *plainApp) run() error { return a.http.ListenAndServe() }

type limitedApp struct{ srv *http.Server }

func newLimitedApp(h http.Handler, d time.Duration) *limitedApp {
	a := &limitedApp{srv: &http.Server{Addr: ":80", Handler: h}}
	a.srv.ReadHeaderTimeout = d
	return a
}

// The timeouts of one are not those of the other, which is made elsewhere.

func newHastyApp(h http.Handler) *limitedApp {
	a := &limitedApp{}
	a.srv = &http.Server{Addr: ":81", Handler: h} // want `neither ReadHeaderTimeout nor ReadTimeout`
	return a
}

// Here it is not known whose timeouts are set.

type lentApp struct{ srv *http.Server }

func newLentApp(h http.Handler) *http.Server {
	return &http.Server{Addr: ":80", Handler: h}
}

func adopt(srv *http.Server) *lentApp {
	a := &lentApp{}
	a.srv = srv
	a.srv.ReadHeaderTimeout = time.Minute
	return a
}

func lend(h http.Handler) *lentApp { return adopt(newLentApp(h)) }

func newOtherApp(h http.Handler) *lentApp {
	a := new(lentApp)
	a.srv = &http.Server{Addr: ":82", Handler: h}
	return a
}
