// Package d02: generic pool with a reset func that forgets a field.
package d02

import (
	"fmt"
	"sync"
)

type ObjPool[T any] struct {
	pool  sync.Pool
	clean func(T)
}

func NewObjPool[T any](mk func() T, clean func(T)) *ObjPool[T] {
	return &ObjPool[T]{pool: sync.Pool{New: func() any { return mk() }}, clean: clean}
}

func (p *ObjPool[T]) Acquire() T { return p.pool.Get().(T) }
func (p *ObjPool[T]) Release(v T) {
	p.clean(v)
	p.pool.Put(v)
}

type session struct {
	user  string
	admin bool
	hops  []string
}

var sessions = NewObjPool(func() *session { return &session{} }, func(s *session) {
	s.user = ""
	s.hops = s.hops[:0]
})

func Handle(user string, isAdmin bool) string {
	s := sessions.Acquire()
	defer sessions.Release(s) // want `\*session goes back to sessions\.pool with field admin still set, which its next user reads`
	s.user = user
	if isAdmin {
		s.admin = true
	}
	return fmt.Sprint(s.user, s.admin, s.hops)
}
