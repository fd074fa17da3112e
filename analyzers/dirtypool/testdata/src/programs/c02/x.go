// Package c02: reset set later by an option or a setter.
package c02

import "sync"

type Pool[T any] struct {
	p     sync.Pool
	reset func(*T)
}

type Option[T any] func(*Pool[T])

func WithReset[T any](f func(*T)) Option[T] { return func(p *Pool[T]) { p.reset = f } }

func New[T any](opts ...Option[T]) *Pool[T] {
	p := &Pool[T]{}
	p.p.New = func() any { return new(T) }
	for _, o := range opts {
		o(p)
	}
	return p
}

func (p *Pool[T]) OnPut(f func(*T)) *Pool[T] { p.reset = f; return p }

func (p *Pool[T]) Get() *T { return p.p.Get().(*T) }
func (p *Pool[T]) Put(x *T) {
	if p.reset != nil {
		p.reset(x)
	}
	p.p.Put(x)
}

type Row struct{ Tags []string }

var rows = New(WithReset(func(r *Row) { r.Tags = r.Tags[:0] }))
var rows2 = New[Row]().OnPut(func(r *Row) { r.Tags = r.Tags[:0] })
var rows3 = New[Row]()

func init() { rows3.reset = func(r *Row) { r.Tags = r.Tags[:0] } }

func A(tags []string) int {
	r := rows.Get()
	defer rows.Put(r)
	r.Tags = append(r.Tags, tags...)
	return len(r.Tags)
}
func B(tags []string) int {
	r := rows2.Get()
	defer rows2.Put(r)
	r.Tags = append(r.Tags, tags...)
	return len(r.Tags)
}
func C(tags []string) int {
	r := rows3.Get()
	defer rows3.Put(r)
	r.Tags = append(r.Tags, tags...)
	return len(r.Tags)
}
