// Package d03: constraint with Reset, Reset forgets a field.
package d03

import (
	"strings"
	"sync"
)

type resetter[T any] interface {
	*T
	Reset()
}

type Pool[T any, P resetter[T]] struct{ p sync.Pool }

func (p *Pool[T, P]) Get() P {
	if v := p.p.Get(); v != nil {
		return v.(P)
	}
	return P(new(T))
}

func (p *Pool[T, P]) Put(x P) {
	x.Reset()
	p.p.Put(x)
}

type Query struct {
	table string
	where []string
	limit int
}

func (q *Query) Reset() { // want `\(\*Query\)\.Reset leaves field limit set: a Query from queries\.p carries it to its next user`
	q.table = ""
	q.where = q.where[:0]
}

var queries Pool[Query, *Query]

func Build(table string, limit int, conds ...string) string {
	q := queries.Get()
	defer queries.Put(q)
	q.table = table
	q.where = append(q.where, conds...)
	if limit > 0 {
		q.limit = limit
	}
	s := "select * from " + q.table + " where " + strings.Join(q.where, " and ")
	if q.limit > 0 {
		s += " limit"
	}
	return s
}
