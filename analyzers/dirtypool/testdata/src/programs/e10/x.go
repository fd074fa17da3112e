// Package e10: retained variants: elements of structs with any, generic container, method in other type.
package e10

import "sync"

type ev struct {
	name string
	args []any
}

type queue[T any] struct{ items []T }

func (q *queue[T]) push(v T) { q.items = append(q.items, v) }
func (q *queue[T]) reset()   { q.items = q.items[:0] } // want `q\.items\[:0\] keeps the old \*ev values reachable from queues; clear\(q\.items\) first`

var queues = sync.Pool{New: func() any { return new(queue[*ev]) }}

func Run(evs []*ev, f func([]*ev)) {
	q := queues.Get().(*queue[*ev])
	for _, e := range evs {
		q.push(e)
	}
	f(q.items)
	q.reset()
	queues.Put(q)
}

type conn struct {
	pending []*ev
	out     [][]byte
}

var conns sync.Pool

func acquire() *conn {
	c, ok := conns.Get().(*conn)
	if !ok {
		return &conn{}
	}
	return c
}

func (c *conn) send(e *ev, b []byte) {
	c.pending = append(c.pending, e)
	c.out = append(c.out, b)
}

func free(c *conn) {
	if c == nil {
		return
	}
	c.pending = c.pending[:0] // want `c\.pending\[:0\] keeps the old \*ev values reachable from conns; clear\(c\.pending\) first`
	c.out = c.out[:0]         // want `c\.out\[:0\] keeps the old \[\]byte values reachable from conns; clear\(c\.out\) first`
	conns.Put(c)
}

func Use(evs []*ev) {
	c := acquire()
	defer free(c)
	for _, e := range evs {
		c.send(e, []byte(e.name))
	}
}

var evPool = sync.Pool{New: func() any { b := make([]*ev, 0, 16); return &b }}

func getEvs() *[]*ev { return evPool.Get().(*[]*ev) }
func putEvs(p *[]*ev) {
	s := *p
	*p = s[:0] // want `s\[:0\] keeps the old \*ev values reachable from evPool; clear\(s\) first`
	evPool.Put(p)
}

func Use2(in <-chan *ev, f func([]*ev)) {
	p := getEvs()
	defer putEvs(p)
	for e := range in {
		*p = append(*p, e)
	}
	f(*p)
}
