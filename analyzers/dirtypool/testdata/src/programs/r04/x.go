package r04

import "sync"

// generic pool with reset
type Pool[T any] struct {
	p     sync.Pool
	reset func(*T)
}

func (p *Pool[T]) Get() *T {
	if v := p.p.Get(); v != nil {
		return v.(*T)
	}
	return new(T)
}
func (p *Pool[T]) Put(x *T) {
	p.reset(x)
	p.p.Put(x)
}

type row struct{ cells []any }

var rows = Pool[row]{reset: func(r *row) { r.cells = r.cells[:0] }} // want `r\.cells\[:0\] keeps the old any values reachable from rows\.p; clear\(r\.cells\) first`

func Use(vals ...any) int {
	r := rows.Get()
	defer rows.Put(r)
	r.cells = append(r.cells, vals...)
	return len(r.cells)
}
