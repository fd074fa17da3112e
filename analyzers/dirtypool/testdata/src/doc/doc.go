// Package doc holds the examples of the check's documentation.
package doc

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"
)

type point struct{ x, y int }

var bufPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func render(p point) string {
	buf := bufPool.Get().(*bytes.Buffer) // want `the \*bytes.Buffer from bufPool may still hold its previous user's data: it is reset neither after this Get nor before the Put on line 17`
	defer bufPool.Put(buf)
	fmt.Fprintf(buf, "%d/%d", p.x, p.y)
	return buf.String()
}

var cleanPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func renderRight(p point) string {
	buf := cleanPool.Get().(*bytes.Buffer)
	buf.Reset()
	defer cleanPool.Put(buf)
	fmt.Fprintf(buf, "%d/%d", p.x, p.y)
	return buf.String()
}

type request struct {
	id    int
	token string
}

var requests = sync.Pool{New: func() any { return new(request) }}

func (r *request) reset() { r.id = 0 } // want `\(\*request\).reset leaves field token set: a request from requests carries it to its next user`

func handle(w http.ResponseWriter, hr *http.Request) {
	r := requests.Get().(*request)
	if t := hr.Header.Get("Authorization"); t != "" {
		r.token = t
	}
	serve(w, r)
	r.reset()
	requests.Put(r)
}

func serve(w http.ResponseWriter, r *request) {
	fmt.Fprintln(w, r.id, r.token)
}

type answer struct {
	id    int
	token string
}

func (a *answer) reset() { *a = answer{} }
