// Package c01: generic pool with reset covering all.
package c01

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

var rows = New(func(r *Row) { *r = Row{Tags: r.Tags[:0]} })
var rows2 = New(resetRow)

func resetRow(r *Row) {
	r.ID = 0
	r.Note = ""
	r.Tags = r.Tags[:0]
}

func Render(id int, note string, tags []string) string {
	r := rows.Get()
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

func Render2(id int, note string, tags []string) string {
	r := rows2.Get()
	defer rows2.Put(r)
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
