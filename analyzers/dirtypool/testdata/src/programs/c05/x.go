// Package c05: maps of pools, reset on put.
package c05

import (
	"bytes"
	"sync"
)

type registry struct {
	mu    sync.Mutex
	pools map[string]*sync.Pool
}

func (r *registry) get(kind string) *bytes.Buffer {
	r.mu.Lock()
	p, ok := r.pools[kind]
	if !ok {
		p = &sync.Pool{New: func() any { return new(bytes.Buffer) }}
		r.pools[kind] = p
	}
	r.mu.Unlock()
	return p.Get().(*bytes.Buffer)
}

func (r *registry) put(kind string, b *bytes.Buffer) {
	b.Reset()
	r.mu.Lock()
	p := r.pools[kind]
	r.mu.Unlock()
	p.Put(b)
}

func (r *registry) Render(kind, s string) string {
	b := r.get(kind)
	b.WriteString(kind)
	out := b.String()
	r.put(kind, b)
	return out
}
