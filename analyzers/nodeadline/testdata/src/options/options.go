// Package options sets timeouts by functions that are handed around.
package options

import (
	"net/http"
	"time"
)

type option func(*http.Server)

func withTimeout(d time.Duration) option {
	return func(srv *http.Server) { srv.ReadHeaderTimeout = d }
}

func newServer(h http.Handler, opts ...option) *http.Server {
	srv := &http.Server{Addr: ":80", Handler: h}
	for _, o := range opts {
		o(srv)
	}
	return srv
}

func plain(h http.Handler) *http.Server {
	return &http.Server{Addr: ":80", Handler: h} // want `neither ReadHeaderTimeout nor ReadTimeout`
}
