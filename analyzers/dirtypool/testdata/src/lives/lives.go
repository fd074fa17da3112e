// Package lives has objects that one function takes for its callers and another one puts back.
package lives

import (
	"errors"
	"io"
	"sync"
)

var errEmpty = errors.New("empty")

// A setter that some users call.
type Mail struct {
	to     []string
	sent   bool
	onSent func(*Mail)
}

var mails = sync.Pool{New: func() any { return new(Mail) }}

func Take() *Mail { return mails.Get().(*Mail) }

func (m *Mail) Give() {
	m.clean()
	mails.Put(m)
}

func (m *Mail) clean() { // want `\(\*Mail\).clean leaves field onSent set: a Mail from mails carries it to its next user`
	m.to = nil
	m.sent = false
}

func (m *Mail) OnSent(fn func(*Mail)) { m.onSent = fn }

func Send(m *Mail) error {
	defer m.Give()
	if len(m.to) == 0 {
		return errEmpty
	}
	if m.onSent != nil {
		m.onSent(m)
	}
	return nil
}

// Objects of another pool are assigned as a whole.
var drafts = sync.Pool{New: func() any { return new(Mail) }}

func draft(fill func(*Mail)) {
	m := drafts.Get().(*Mail)
	*m = Mail{}
	fill(m)
	drafts.Put(m)
}

// The same, reset.
type Note struct {
	to     []string
	onSent func(*Note)
}

var notes = sync.Pool{New: func() any { return new(Note) }}

func TakeNote() *Note { return notes.Get().(*Note) }

func (n *Note) Give() {
	n.to, n.onSent = nil, nil
	notes.Put(n)
}

func (n *Note) OnSent(fn func(*Note)) { n.onSent = fn }

func SendNote(n *Note) {
	defer n.Give()
	if n.onSent != nil {
		n.onSent(n)
	}
}

// A channel that some users bring.
type Packet struct {
	ID    int
	Body  []byte
	Reply chan<- []byte
	ready chan struct{}
}

var packets = sync.Pool{New: func() any { return &Packet{ready: make(chan struct{}, 1)} }}

func (p *Packet) Reset() { // want `\(\*Packet\).Reset leaves field Reply set`
	p.ID = 0
	p.Body = p.Body[:0]
}

func (p *Packet) Release() {
	p.Reset()
	packets.Put(p)
}

func Read(r io.Reader) (*Packet, error) {
	p := packets.Get().(*Packet)
	p.Body = append(p.Body, make([]byte, 8)...)
	if _, err := io.ReadFull(r, p.Body); err != nil {
		p.Release()
		return nil, err
	}
	return p, nil
}

func Expect(r io.Reader, reply chan<- []byte) (*Packet, error) {
	p, err := Read(r)
	if err != nil {
		return nil, err
	}
	p.Reply = reply
	return p, nil
}

// A release that is no method.
type req struct {
	method string
	header map[string]string
	hook   func(*req)
}

var reqs = sync.Pool{New: func() any { return &req{header: make(map[string]string)} }}

func acquire(method string) *req {
	r := reqs.Get().(*req)
	r.method = method
	return r
}

func release(r *req) { // want `release leaves field hook set: a req from reqs carries it to its next user`
	clear(r.header)
	reqs.Put(r)
}

func (r *req) OnDone(f func(*req)) *req {
	r.hook = f
	return r
}

func do(method string, traced bool, n *int) {
	r := acquire(method)
	defer release(r)
	if traced {
		r.OnDone(func(*req) { *n++ })
	}
	if r.hook != nil {
		r.hook(r)
	}
}

// A set says by itself what is in it.
type walker struct {
	todo []string
	seen map[string]bool
}

var walkers = sync.Pool{New: func() any { return &walker{seen: make(map[string]bool)} }}

func walk(root string, kids func(string) []string) (n int) {
	w := walkers.Get().(*walker) // want `the \*walker from walkers may still hold its previous user's field seen`
	defer walkers.Put(w)
	w.todo = append(w.todo[:0], root)
	for len(w.todo) > 0 {
		s := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		if w.seen[s] {
			continue
		}
		w.seen[s] = true
		n++
		w.todo = append(w.todo, kids(s)...)
	}
	return n
}

func walkClean(root string, kids func(string) []string) (n int) {
	w := walkers.Get().(*walker)
	clear(w.seen)
	w.todo = append(w.todo[:0], root)
	for len(w.todo) > 0 {
		s := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		if !w.seen[s] {
			w.seen[s] = true
			n++
			w.todo = append(w.todo, kids(s)...)
		}
	}
	walkers.Put(w)
	return n
}

// What every user sets is no option.
type job struct {
	name string
	run  func()
	args []int
}

var jobs = sync.Pool{New: func() any { return new(job) }}

func (j *job) Do(f func()) { j.run = f }

func (j *job) exec() {
	j.run()
	j.args, j.name = nil, ""
	jobs.Put(j)
}

func work(f func()) {
	j := jobs.Get().(*job)
	j.Do(f)
	j.exec()
}

// Late: the next user cuts what the one before has filled, in a literal.
type entry struct{ body []byte }

type stmt struct {
	text string
	args []any
}

var stmts = sync.Pool{New: func() any { return new(stmt) }}

func newStmt(text string, args ...any) *stmt {
	s := stmts.Get().(*stmt)
	*s = stmt{args: s.args[:0]} // want `s.args\[:0\] comes after the Put: stmts has kept the old any values reachable, and they stay behind the end; clear\(s.args\) before the Put`
	s.text = text
	s.args = append(s.args, args...)
	return s
}

func (s *stmt) free() { stmts.Put(s) }
