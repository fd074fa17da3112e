// Package lent uses what others lend, and maps and slices that fill up.
package lent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"lend"
	"strings"
	"sync"
)

func across(id int) (s string) {
	lend.With(func(b *bytes.Buffer) error { // want `the \*bytes.Buffer from bufs may still hold its previous user's data`
		fmt.Fprintf(b, "id-%d", id)
		s = b.String()
		return nil
	})
	return s
}

func acrossClean(id int) (s string) {
	lend.WithClean(func(b *bytes.Buffer) {
		fmt.Fprintf(b, "id-%d", id)
		s = b.String()
	})
	return s
}

var names = lend.New(func() *strings.Builder { return new(strings.Builder) })

func upper(s string) (r string) {
	names.Do(func(b *strings.Builder) { // want `the \*strings.Builder from names.p may still hold its previous user's data`
		b.WriteString(strings.ToUpper(s))
		r = b.String()
	})
	return r
}

var resets = lend.New(func() *bytes.Buffer { return new(bytes.Buffer) })

func lower(s string) (r string) {
	resets.Do(func(b *bytes.Buffer) {
		b.Reset()
		b.WriteString(strings.ToLower(s))
		r = b.String()
	})
	return r
}

type pool[T any] struct{ sync.Pool }

func (p *pool[T]) get() T { return p.Get().(T) }

func with[T any](p *pool[T], f func(T)) {
	v := p.get()
	f(v)
	p.Put(v)
}

var here pool[*bytes.Buffer]

func quote(s string) (r string) {
	with(&here, func(b *bytes.Buffer) { // want `the \*bytes.Buffer from here.Pool may still hold its previous user's data`
		b.WriteByte('"')
		b.WriteString(s)
		b.WriteByte('"')
		r = b.String()
	})
	return r
}

// maps

var counts = sync.Pool{New: func() any { return make(map[string]int) }}

func count(words []string) int {
	m := counts.Get().(map[string]int) // want `the map\[string\]int from counts may still hold its previous user's data`
	defer counts.Put(m)
	for _, w := range words {
		m[w]++
	}
	return len(m)
}

var cleared = sync.Pool{New: func() any { return make(map[string]int) }}

func countCleared(words []string) int {
	m := cleared.Get().(map[string]int)
	for _, w := range words {
		m[w]++
	}
	n := len(m)
	clear(m)
	cleared.Put(m)
	return n
}

// What was computed once is to stay.
var memo = sync.Pool{New: func() any { return make(map[int]int) }}

func fib(n int) int {
	m := memo.Get().(map[int]int)
	defer memo.Put(m)
	return fibIn(m, n)
}

func fibIn(m map[int]int, n int) int {
	if n < 2 {
		return n
	}
	if v, ok := m[n]; ok {
		return v
	}
	v := fibIn(m, n-1) + fibIn(m, n-2)
	m[n] = v
	return v
}

var docs = sync.Pool{New: func() any { return make(map[string]any) }}

func keys(raw []byte) (int, error) {
	m := docs.Get().(map[string]any) // want `the map\[string\]any from docs may still hold its previous user's data`
	defer docs.Put(m)
	if err := json.Unmarshal(raw, &m); err != nil {
		return 0, err
	}
	return len(m), nil
}

var docsCleared = sync.Pool{New: func() any { return make(map[string]any) }}

func keysCleared(raw []byte) (int, error) {
	m := docsCleared.Get().(map[string]any)
	defer func() {
		clear(m)
		docsCleared.Put(m)
	}()
	if err := json.Unmarshal(raw, &m); err != nil {
		return 0, err
	}
	return len(m), nil
}

// slices that only the next user cuts

type entry struct {
	key  string
	body []byte
}

type queue struct{ work []*entry }

var queues = sync.Pool{New: func() any { return new(queue) }}

func run(in []*entry) (n int) {
	q := queues.Get().(*queue)
	q.work = q.work[:0] // want `q.work\[:0\] comes after the Put: queues has kept the old \*entry values reachable, and they stay behind the end; clear\(q.work\) before the Put`
	q.work = append(q.work, in...)
	for _, e := range q.work {
		n += len(e.body)
	}
	queues.Put(q)
	return n
}

type wiped struct{ work []*entry }

var wipes = sync.Pool{New: func() any { return new(wiped) }}

func runWiped(in []*entry) (n int) {
	q := wipes.Get().(*wiped)
	q.work = q.work[:0]
	q.work = append(q.work, in...)
	for i, e := range q.work {
		n += len(e.body)
		q.work[i] = nil
	}
	wipes.Put(q)
	return n
}

// what a generic pool of slices is used for decides

type slices[E any] struct{ p sync.Pool }

func (s *slices[E]) get() *[]E {
	if v, ok := s.p.Get().(*[]E); ok {
		return v
	}
	return new([]E)
}

func (s *slices[E]) put(v *[]E) {
	*v = (*v)[:0] // want `\(\*v\)\[:0\] keeps the old E values reachable from slices.p`
	s.p.Put(v)
}

var entries slices[*entry]

type numbers[E any] struct{ p sync.Pool }

func (s *numbers[E]) get() *[]E {
	if v, ok := s.p.Get().(*[]E); ok {
		return v
	}
	return new([]E)
}

func (s *numbers[E]) put(v *[]E) {
	*v = (*v)[:0]
	s.p.Put(v)
}

var ints numbers[int]

// A pool that ends with the call hands nothing on.
func once(s string) string {
	var p sync.Pool
	b, ok := p.Get().(*bytes.Buffer)
	if !ok {
		b = new(bytes.Buffer)
	}
	b.WriteString(s)
	out := b.String()
	p.Put(b)
	return out
}

func often(in []string) (out []string) {
	p := &sync.Pool{New: func() any { return new(bytes.Buffer) }}
	for _, s := range in {
		b := p.Get().(*bytes.Buffer) // want `the \*bytes.Buffer from often.pool may still hold its previous user's data`
		b.WriteString(s)
		out = append(out, b.String())
		p.Put(b)
	}
	return out
}
