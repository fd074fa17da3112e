package send

import (
	"strings"
	"sync"

	"programs/c20/model"
)

var pool = sync.Pool{New: func() any { return new(model.Message) }}
var others = sync.Pool{New: func() any { return new(model.Other) }}
var kept = sync.Pool{New: func() any { return &model.Kept{Opts: []string{"a"}} }}

func Acquire() *model.Message { return pool.Get().(*model.Message) }

func Release(m *model.Message) {
	m.Reset()
	pool.Put(m)
}

func Send(to, subject string, out func(string)) {
	m := Acquire()
	defer Release(m)
	m.To, m.Subject = to, subject
	if strings.HasPrefix(subject, "!") {
		m.Urgent = true
	}
	line := m.To + m.Subject
	if m.Urgent {
		line = "URGENT " + line
	}
	out(line)
}

func Other(a string, out func(string)) {
	o := others.Get().(*model.Other)
	defer func() { o.Reset(); others.Put(o) }()
	if a != "" {
		o.A = a
	}
	out(o.A + o.B)
}

func Kept(out func(string)) {
	k := kept.Get().(*model.Kept)
	k.ID++
	for _, o := range k.Opts {
		out(o)
	}
	k.Reset()
	kept.Put(k)
}
