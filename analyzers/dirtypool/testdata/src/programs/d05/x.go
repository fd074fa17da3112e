// Package d05: map of pools by name.
package d05

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
	r.mu.Lock()
	p := r.pools[kind]
	r.mu.Unlock()
	p.Put(b)
}

func (r *registry) Render(kind, s string) string {
	b := r.get(kind) // want `the \*bytes\.Buffer from registry\.pools may still hold its previous user.s data: it is reset neither after this Get nor before its Put`
	b.WriteString(kind)
	b.WriteString(": ")
	b.WriteString(s)
	out := b.String()
	r.put(kind, b)
	return out
}
