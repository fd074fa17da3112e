// Package doc holds the examples of the check's documentation.
package doc

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

type point struct{ x, y int }

var bufPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func render(p point) string {
	buf := bufPool.Get().(*bytes.Buffer) // the *bytes.Buffer from bufPool may still hold its previous user's data // want `the \*bytes.Buffer from bufPool may still hold its previous user's data: it is reset neither after this Get nor before its Put`
	defer bufPool.Put(buf)
	fmt.Fprintf(buf, "%d/%d", p.x, p.y)
	return buf.String()
}

func renderRight(p point) string {
	buf := bufPool.Get().(*bytes.Buffer)
	buf.Reset()
	defer bufPool.Put(buf)
	fmt.Fprintf(buf, "%d/%d", p.x, p.y)
	return buf.String()
}

type request struct {
	id    int
	token string
}

var requests = sync.Pool{New: func() any { return new(request) }}

func (r *request) reset() { r.id = 0 } // (*request).reset leaves field token set // want `\(\*request\).reset leaves field token set: a request from requests carries it to its next user`

func handle(w io.Writer, header map[string]string) {
	r := requests.Get().(*request)
	if t := header["Authorization"]; t != "" {
		r.token = t
	}
	serve(w, r)
	r.reset()
	requests.Put(r)
}

func serve(w io.Writer, r *request) {
	fmt.Fprintln(w, r.id, r.token)
}

type answer struct {
	id    int
	token string
}

func (a *answer) reset() { *a = answer{} }

var answers = sync.Pool{New: func() any { return new(answer) }}

func reply(w io.Writer, header map[string]string) {
	a := answers.Get().(*answer)
	if t := header["Authorization"]; t != "" {
		a.token = t
	}
	fmt.Fprintln(w, a.id, a.token)
	a.reset()
	answers.Put(a)
}

//lint:ignore dirtypool the parser keeps its symbol table on purpose
func (p *parser) reset() { p.line = 0 }

type parser struct {
	line    int
	symbols []string
}

var parsers = sync.Pool{New: func() any { return new(parser) }}

func parse(words []string) string {
	p := parsers.Get().(*parser)
	for _, w := range words {
		p.symbols = append(p.symbols, w)
	}
	out := fmt.Sprint(p.symbols, p.line)
	p.reset()
	parsers.Put(p)
	return out
}

type item struct{ body []byte }

type batch struct{ items []*item }

var batches = sync.Pool{New: func() any { return new(batch) }}

func (b *batch) add(it *item) { b.items = append(b.items, it) }

func (b *batch) release() {
	b.items = b.items[:0] // want `b.items\[:0\] keeps the old \*item values reachable from batches; clear\(b.items\) first`
	batches.Put(b)
}

type queue struct{ items []*item }

var queues = sync.Pool{New: func() any { return new(queue) }}

func (q *queue) add(it *item) { q.items = append(q.items, it) }

func (q *queue) release() {
	clear(q.items)
	q.items = q.items[:0]
	queues.Put(q)
}
