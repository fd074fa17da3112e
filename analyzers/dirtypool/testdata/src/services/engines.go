package services

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"hash"
	"hash/fnv"
	"net/http"
	"sort"
	"strings"
	"sync"
	"text/template"
)

// template execution
var b26 = sync.Pool{New: func() any { return &bytes.Buffer{} }}
var tpl26 = template.Must(template.New("x").Parse("{{.}}"))

func B26(v any) (string, error) {
	buf := b26.Get().(*bytes.Buffer) // want `from b26`
	defer b26.Put(buf)
	if err := tpl26.Execute(buf, v); err != nil {
		return "", err
	}
	return buf.String(), nil
}

// map range collect keys
var b27 = sync.Pool{New: func() any { return map[string]int{} }}

func B27(words []string) []string {
	m := b27.Get().(map[string]int) // want `from b27`
	defer b27.Put(m)
	for _, w := range words {
		m[w]++
	}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Get inside a method on struct w/ *sync.Pool field, Put by goroutine worker
type job28 struct {
	args []string
	fail bool
	done func(string)
}
type pool28 struct {
	jobs *sync.Pool
	ch   chan *job28
}

func (p *pool28) submit(args []string, fail bool, done func(string)) {
	j := p.jobs.Get().(*job28) // want `field args`
	j.args = append(j.args, args...)
	if fail {
		j.fail = true
	}
	j.done = done
	p.ch <- j
}
func (p *pool28) work() {
	for j := range p.ch {
		if j.fail {
			j.done("fail")
		} else {
			j.done(strings.Join(j.args, " "))
		}
		p.jobs.Put(j)
	}
}

func New28() *pool28 {
	p := &pool28{jobs: &sync.Pool{New: func() any { return new(job28) }}, ch: make(chan *job28)}
	go p.work()
	return p
}

// nested x.a.b: resets x.a.b's sibling only; embedded struct
type base29 struct {
	id   string
	tags []string
}
type ev29 struct {
	base29
	msg string
}

func (e *ev29) Reset() { // want `field base29.tags`
	e.id = ""
	e.msg = ""
}

var b29 = sync.Pool{New: func() any { return new(ev29) }}

func B29(id string, tags ...string) string {
	e := b29.Get().(*ev29)
	defer func() { e.Reset(); b29.Put(e) }()
	e.id = id
	e.tags = append(e.tags, tags...)
	return e.id + strings.Join(e.tags, ",")
}

// generic local wrapper in same package
type typed30[T any] struct{ sync.Pool }

func (p *typed30[T]) get() *T {
	if v := p.Get(); v != nil {
		return v.(*T)
	}
	return new(T)
}
func (p *typed30[T]) put(v *T) { p.Put(v) }

var b30 typed30[bytes.Buffer]

func B30(xs []string) string {
	b := b30.get() // want `from b30\.Pool`
	defer b30.put(b)
	for _, x := range xs {
		b.WriteString(x)
	}
	return b.String()
}

// hash not reset
var b31 = sync.Pool{New: func() any { return fnv.New64a() }}

func B31(key string) uint64 {
	h := b31.Get().(hash.Hash64) // want `from b31`
	defer b31.Put(h)
	h.Write([]byte(key))
	return h.Sum64()
}

// xml decode
type doc32 struct {
	ID    string   `xml:"id"`
	Items []string `xml:"item"`
}

var b32 = sync.Pool{New: func() any { return new(doc32) }}

func B32(p []byte) (int, error) {
	d := b32.Get().(*doc32) // want `field Items`
	defer b32.Put(d)
	if err := xml.Unmarshal(p, d); err != nil {
		return 0, err
	}
	return len(d.Items), nil
}

// context carrying handlers; flag aborted forgotten
type ctx33 struct {
	w       http.ResponseWriter
	r       *http.Request
	ctx     context.Context
	index   int
	aborted bool
	keys    map[string]any
}

func (c *ctx33) reset(w http.ResponseWriter, r *http.Request) { // want `field aborted`
	c.w = w
	c.r = r
	c.ctx = r.Context()
	c.index = -1
}
func (c *ctx33) Abort() { c.aborted = true }
func (c *ctx33) Set(k string, v any) {
	if c.keys == nil {
		c.keys = make(map[string]any)
	}
	c.keys[k] = v
}
func (c *ctx33) Get(k string) (any, bool) { v, ok := c.keys[k]; return v, ok }
func (c *ctx33) next(hs []func(*ctx33)) {
	for _, h := range hs {
		if c.aborted {
			return
		}
		h(c)
	}
}

type engine33 struct {
	pool sync.Pool
	hs   []func(*ctx33)
}

func New33() *engine33 {
	e := &engine33{}
	e.pool.New = func() any { return &ctx33{} }
	return e
}
func (e *engine33) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := e.pool.Get().(*ctx33)
	c.reset(w, r)
	c.next(e.hs)
	e.pool.Put(c)
}

// strings.Builder inside struct, other field reset
type q34 struct {
	sql  strings.Builder
	args []any
}

var b34 = sync.Pool{New: func() any { return new(q34) }}

func B34(table string, ids []int) (string, []any) {
	q := b34.Get().(*q34)
	defer b34.Put(q) // want `field sql`
	q.args = q.args[:0] // want `q.args\[:0\] comes after the Put`
	q.sql.WriteString("SELECT * FROM ")
	q.sql.WriteString(table)
	for _, id := range ids {
		q.args = append(q.args, id)
		fmt.Fprintf(&q.sql, " ?")
	}
	return q.sql.String(), append([]any(nil), q.args...)
}
