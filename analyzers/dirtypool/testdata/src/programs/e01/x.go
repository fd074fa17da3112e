// Package e01: middleware with pooled response state; reset method misses headers map.
package e01

import (
	"net/http"
	"sync"
)

type state struct {
	w       http.ResponseWriter
	r       *http.Request
	headers map[string]string
	aborted bool
}

func (s *state) Reset(w http.ResponseWriter, r *http.Request) { // want `\(\*state\)\.Reset leaves field headers set: a state from Router\.pool carries it to its next user`
	s.w = w
	s.r = r
	s.aborted = false
}

type Router struct {
	pool  sync.Pool
	chain []func(*state)
}

func New() *Router {
	rt := &Router{}
	rt.pool.New = func() interface{} { return &state{headers: make(map[string]string)} }
	return rt
}

func (s *state) Header(k, v string) { s.headers[k] = v }
func (s *state) flush() {
	for k, v := range s.headers {
		s.w.Header().Set(k, v)
	}
}

func (rt *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := rt.pool.Get().(*state)
	s.Reset(w, r)
	for _, h := range rt.chain {
		h(s)
		if s.aborted {
			break
		}
	}
	s.flush()
	rt.pool.Put(s)
}
