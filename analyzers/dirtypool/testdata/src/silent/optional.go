package silent

import (
	"io"
	"math"
	"sync"
)

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

// What begins anew at the release is clean, whatever it begins at.
type span struct{ low, high float64 }

var spans = sync.Pool{New: func() any { return &span{low: math.Inf(1), high: math.Inf(-1)} }}

func (s *span) add(v float64) { s.low, s.high = math.Min(s.low, v), math.Max(s.high, v) }

func (s *span) drop() {
	s.low, s.high = math.Inf(1), math.Inf(-1)
	spans.Put(s)
}

func width(vs []float64) float64 {
	s := spans.Get().(*span)
	defer s.drop()
	for _, v := range vs {
		s.add(v)
	}
	return s.high - s.low
}

// A method sets what it then asks for.
type try struct {
	name string
	err  error
}

func (t *try) Reset() { t.name = "" }

func (t *try) Run(f func() error) bool {
	t.err = f()
	return t.err != nil
}

var tries = sync.Pool{New: func() any { return new(try) }}

func attempt(name string, next func(*try)) {
	t := tries.Get().(*try)
	t.name = name
	next(t)
	t.Reset()
	tries.Put(t)
}

// An errand is done by another goroutine, which sets the error whatever comes of it.
type errand struct {
	what string
	err  error
	n    int
	done chan struct{}
}

var errands = sync.Pool{New: func() any { return new(errand) }}

type porter struct {
	jobs chan any
	full bool
}

func (p *porter) run(do func(string) (int, error)) {
	for job := range p.jobs {
		switch e := job.(type) {
		case *errand:
			if p.full {
				e.err = io.ErrShortBuffer
				e.done <- struct{}{}
				continue
			}
			e.n, e.err = do(e.what)
			e.done <- struct{}{}
		}
	}
}

func (p *porter) send(what string) (int, error) {
	e := errands.Get().(*errand)
	e.what = what
	e.done = make(chan struct{}, 1)
	p.jobs <- e
	<-e.done
	n, err := e.n, e.err
	errands.Put(e)
	return n, err
}

// An entry from the pool is only looked up by: what sorts the tree compares it, and adds nothing to it.
type sorted interface{ Less(than sorted) bool }

type tree interface{ Get(key sorted) sorted }

type entry struct {
	name string
	tags []int
}

func (e *entry) Less(than sorted) bool { return e.name < than.(*entry).name }

func (e *entry) load(tags []int) {
	for _, t := range tags {
		e.tags = append(e.tags, t)
	}
}

func (e *entry) Len() int { return len(e.name) + len(e.tags) }

var lookups = sync.Pool{New: func() any { return new(entry) }}

func lookUp(t tree, name string) *entry {
	key := lookups.Get().(*entry)
	defer lookups.Put(key)
	key.name = name
	if found := t.Get(key); found != nil {
		return found.(*entry)
	}
	return nil
}

func loaded(name string, tags []int) *entry {
	e := &entry{name: name}
	e.load(tags)
	return e
}

// A line of a table is read into a new one; those of the pool are looked up by.
type line struct {
	name string
	tags []int
}

func (l *line) parse(tags []int) error {
	for _, t := range tags {
		l.tags = append(l.tags, t)
	}
	return nil
}

func (l *line) less(than *line) bool { return l.name < than.name || len(l.tags) < len(than.tags) }

func (l *line) String() string { return l.name + string(rune(len(l.tags))) }

func newLine(name string) *line { return &line{name: name} }

var linePool = sync.Pool{New: func() any { return newLine("") }}

func GetLine(name string) *line {
	l := linePool.Get().(*line)
	l.name = name
	return l
}

func PutLine(l *line) { linePool.Put(l) }

func findLine(t interface{ Find(*line) *line }, name string) *line {
	key := GetLine(name)
	defer PutLine(key)
	return t.Find(key)
}

func readLine(name string, tags []int) (*line, error) {
	l := newLine(name)
	return l, l.parse(tags)
}
