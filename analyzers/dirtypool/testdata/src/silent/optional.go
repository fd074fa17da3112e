package silent

import "sync"

// A frame's fields are those of its kind, or set again somewhere.
type frame struct {
	Kind  int
	Text  string
	Fault error
	depth int
}

func (f *frame) reset() { f.Kind = 0 }

var frames = sync.Pool{New: func() any { return new(frame) }}

type sink interface{ Take(*frame) }

func text(s sink, kind int, t string) {
	f := frames.Get().(*frame)
	f.Kind = kind
	if kind == 1 {
		f.Text = t // its kind says whether it counts
	}
	s.Take(f)
	f.reset()
	frames.Put(f)
}

func fault(s sink, err error) {
	f := frames.Get().(*frame)
	if err != nil {
		f.Fault = err
	}
	f.depth += 2
	s.Take(f)
	f.Fault = nil
	f.depth -= 2
	f.reset()
	frames.Put(f)
}

// Always assigned before anybody sees it.
type note struct {
	Author string
	Lines  int
}

func (n *note) reset() { n.Lines = 0 }

var notes = sync.Pool{New: func() any { return new(note) }}

func write(take func(*note), author string) {
	n := notes.Get().(*note)
	n.Author = "nobody"
	if author != "" {
		n.Author = author
	}
	take(n)
	n.reset()
	notes.Put(n)
}

// Only New and options set it.
type client struct {
	Retries int
	Base    string
}

func (c *client) reset() { c.Retries = 0 }

func newClient(base string) *client {
	c := new(client)
	if base != "" {
		c.Base = base
	}
	return c
}

var clients = sync.Pool{New: func() any { return newClient("/v1") }}

func call(do func(*client)) {
	c := clients.Get().(*client)
	c.Retries = 3
	do(c)
	c.reset()
	clients.Put(c)
}

// Another field says how much of it counts, or whether it was set.
type strip struct {
	n     int
	cells []int
	on    bool
	tint  *int
}

func (s *strip) reset() { s.n, s.on = 0, false }

var strips = sync.Pool{New: func() any { return &strip{cells: make([]int, 8)} }}

func paint(tint *int, vals []int, say func(int)) {
	s := strips.Get().(*strip)
	if len(vals) == 8 {
		s.cells = vals
		s.n = len(vals)
	}
	if tint != nil {
		s.tint, s.on = tint, true
	}
	for i := 0; i < s.n; i++ {
		say(s.cells[i])
	}
	if s.on {
		say(*s.tint)
	}
	s.reset()
	strips.Put(s)
}
