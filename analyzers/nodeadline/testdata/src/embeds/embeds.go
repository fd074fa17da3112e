// Package embeds has a server of its own that is one of net/http with limits.
package embeds

import (
	"net/http"
	"time"
)

type server struct{ *http.Server }

func newServer(h http.Handler) *server {
	return &server{&http.Server{Handler: h}}
}

func (s *server) limit(d time.Duration) *server {
	s.ReadHeaderTimeout = d
	return s
}
