// Package site makes servers for commands that import no more than it.
package site

import "net/http"

func Server(addr string) *http.Server { return &http.Server{Addr: addr} }
