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
