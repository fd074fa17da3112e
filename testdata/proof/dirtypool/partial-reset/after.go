//go:build ignore

// proof: behaviour

package main

import "sync"

type request struct {
	path  string
	token string
}

func (r *request) reset() {
	*r = request{}
}

var requests = sync.Pool{New: func() any { return new(request) }}

func acquire(path string) *request {
	r := requests.Get().(*request)
	r.path = path
	return r
}

func release(r *request) {
	r.reset()
	requests.Put(r)
}

// serve says whose rights a request has.
func serve(path, token string) string {
	r := acquire(path)
	defer release(r)
	if token != "" {
		r.token = token
	}
	return r.path + " as " + r.token
}

func run() string {
	// A pool may drop an object: ask often enough.
	for range 100 {
		serve("/admin", "root")
		if got := serve("/public", ""); got != "/public as " {
			return "bad: an anonymous request was served " + got
		}
	}
	return "ok"
}

func main() { println(run()) }
