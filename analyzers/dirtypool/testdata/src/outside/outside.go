// Package outside has objects that other packages take, set and give back.
package outside

import (
	"fmt"
	"io"
	"sync"
)

// A Notice is sent to somebody.
type Notice struct {
	Title  string
	Text   []byte
	Urgent bool
	Reader string
}

var notices = sync.Pool{New: func() any { return new(Notice) }}

// NewNotice returns an empty notice.
func NewNotice() *Notice { return notices.Get().(*Notice) }

// Reset empties n.
func (n *Notice) Reset() { // want `\(\*Notice\).Reset clears all but field Reader: whoever sets that on a Notice from notices leaves it to its next user`
	n.Title = ""
	n.Text = n.Text[:0]
	n.Urgent = false
}

// Free gives n back.
func (n *Notice) Free() {
	n.Reset()
	notices.Put(n)
}

// Write prints n.
func (n *Notice) Write(w io.Writer) { fmt.Fprintf(w, "%s: %s", n.Reader, n.Title) }

// A Form has a language, which is a setting by its comment.
type Form struct {
	Name, Street string
	Zip          int
	Language     string // kept for all who use the form
}

var forms = sync.Pool{New: func() any { return new(Form) }}

func NewForm() *Form { return forms.Get().(*Form) }

func (f *Form) Reset() { f.Name, f.Street, f.Zip = "", "", 0 }

func (f *Form) Free() {
	f.Reset()
	forms.Put(f)
}

func (f *Form) Write(w io.Writer) { fmt.Fprint(w, f.Language, f.Name) }

// The prefix of a Line is set by New.
type Line struct {
	Prefix string
	A, B   string
	N      int
}

var lines = sync.Pool{New: func() any { return &Line{Prefix: "> "} }}

func NewLine() *Line { return lines.Get().(*Line) }

func (l *Line) Reset() { l.A, l.B, l.N = "", "", 0 }

func (l *Line) Free() {
	l.Reset()
	lines.Put(l)
}

func (l *Line) Write(w io.Writer) { fmt.Fprint(w, l.Prefix, l.A) }

// A Sheet is given its title by who hands it out.
type Sheet struct {
	Title string
	A, B  string
	N     int
}

var sheets = sync.Pool{New: func() any { return new(Sheet) }}

func NewSheet(title string) *Sheet {
	s := sheets.Get().(*Sheet)
	s.Title = title
	return s
}

func (s *Sheet) Reset() { s.A, s.B, s.N = "", "", 0 }

func (s *Sheet) Free() {
	s.Reset()
	sheets.Put(s)
}

func (s *Sheet) Write(w io.Writer) { fmt.Fprint(w, s.Title, s.A) }

// A Job has two that stay, and a limit that is no text.
type Job struct {
	Name, Owner string
	A, B, C     string
}

type Task struct {
	A, B, C string
	Limit   int
}

var (
	jobs  = sync.Pool{New: func() any { return new(Job) }}
	tasks = sync.Pool{New: func() any { return new(Task) }}
)

func NewJob() *Job   { return jobs.Get().(*Job) }
func NewTask() *Task { return tasks.Get().(*Task) }

func (j *Job) Reset()  { j.A, j.B, j.C = "", "", "" }
func (t *Task) Reset() { t.A, t.B, t.C = "", "", "" }

func (j *Job) Free() {
	j.Reset()
	jobs.Put(j)
}

func (t *Task) Free() {
	t.Reset()
	tasks.Put(t)
}

func (j *Job) Write(w io.Writer)  { fmt.Fprint(w, j.Name, j.Owner, j.A) }
func (t *Task) Write(w io.Writer) { fmt.Fprint(w, t.Limit, t.A) }
