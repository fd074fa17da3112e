package syncmodel

import "slices"

const pageSize = 32

// memory is what the variables of a path hold, by cell. Paths that part share its pages until one of them
// writes to it.
type memory struct {
	pages []*page
	n     int   // cells
	self  *byte // tells whose the pages are
}

type page struct {
	of    *byte // who may write to it
	cells [pageSize]value
}

func newMemory() memory { return memory{self: new(byte)} }

// share returns a second memory with the same in it.
func (m *memory) share() memory {
	m.self = new(byte)
	return memory{slices.Clone(m.pages), m.n, new(byte)}
}

func (m *memory) at(c cell) value { return m.pages[c/pageSize].cells[c%pageSize] }

func (m *memory) set(c cell, v value) {
	p := m.pages[c/pageSize]
	if p.of != m.self {
		q := *p
		q.of = m.self
		p, m.pages[c/pageSize] = &q, &q
	}
	p.cells[c%pageSize] = v
}

// extend adds n cells that hold nothing known and returns the first.
func (m *memory) extend(n int) cell {
	first := cell(m.n)
	m.n += n
	for len(m.pages)*pageSize < m.n {
		m.pages = append(m.pages, &page{of: m.self})
	}
	return first
}

// row returns what the cells of a struct hold.
func (m *memory) row(s structure) record {
	r := make(record, s.n)
	for i := range r {
		r[i] = m.at(cell(s.base + i))
	}
	return r
}
