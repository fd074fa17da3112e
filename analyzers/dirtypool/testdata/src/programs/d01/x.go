// Package d01: generic pool with New func and optional reset, reset nil for this pool.
package d01

import "sync"

type Pool[T any] struct {
	p     sync.Pool
	reset func(*T)
}

func New[T any](reset func(*T)) *Pool[T] {
	p := &Pool[T]{reset: reset}
	p.p.New = func() any { return new(T) }
	return p
}

func (p *Pool[T]) Get() *T { return p.p.Get().(*T) }
func (p *Pool[T]) Put(x *T) {
	if p.reset != nil {
		p.reset(x)
	}
	p.p.Put(x)
}

type Row struct {
	ID   int
	Note string
	Tags []string
}

var rows = New[Row](nil)

func Render(id int, note string, tags []string) string {
	r := rows.Get() // want `the \*Row from rows\.p may still hold its previous user.s fields Note and Tags: it is reset neither after this Get nor before its Put`
	defer rows.Put(r)
	r.ID = id
	if note != "" {
		r.Note = note
	}
	r.Tags = append(r.Tags, tags...)
	out := r.Note
	for _, t := range r.Tags {
		out += t
	}
	return out
}
