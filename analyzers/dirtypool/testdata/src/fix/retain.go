package fix

import "sync"

type note struct{ text []byte }

type pad struct {
	notes []*note
	extra struct{ args []any }
	seen  []*note
}

var pads = sync.Pool{New: func() any { return new(pad) }}

func (p *pad) add(n *note, args ...any) {
	p.notes = append(p.notes, n)
	p.extra.args = append(p.extra.args, args...)
	p.seen = append(p.seen, n)
}

func (p *pad) free() {
	// The notes go first.
	p.notes = p.notes[:0] // want `keeps the old \*note values`

	p.extra.args = p.extra.args[:0] // want `keeps the old any values`
	if len(p.seen) > 0 {
		p.seen = p.seen[:0] // want `keeps the old \*note values`
	}
	pads.Put(p)
}

// What is handed out may still be looked at.
type shared struct{ notes []*note }

var shares = sync.Pool{New: func() any { return new(shared) }}

func (s *shared) add(n *note)    { s.notes = append(s.notes, n) }
func (s *shared) all() []*note   { return s.notes }
func (s *shared) first() *note   { return s.notes[0] }
func (s *shared) free()          { s.notes = s.notes[:0]; shares.Put(s) } // want `keeps the old \*note values`
func (s *shared) count() (n int) { return len(s.notes) }

var lists = sync.Pool{New: func() any { return new([]*note) }}

func each(ns []*note, f func([]*note)) {
	p := lists.Get().(*[]*note)
	*p = append(*p, ns...)
	f(*p)
	*p = (*p)[:0] // want `keeps the old \*note values`
	lists.Put(p)
}

func shadowed(ns []*note, clear func([]*note)) {
	p := lists.Get().(*[]*note)
	*p = append(*p, ns...)
	clear(*p)
	*p = (*p)[:0] // want `keeps the old \*note values`
	lists.Put(p)
}
