package use

import (
	"bytes"
	"wrap"
)

var buffers = wrap.New(func() *bytes.Buffer { return new(bytes.Buffer) })

func direct(s string) {
	b := wrap.Get()
	b.WriteString(s)
	wrap.Put(b)
}

func clean(s string) {
	b := wrap.GetClean()
	b.WriteString(s)
	wrap.PutClean(b)
}

func generic(s string) {
	b := buffers.Get()
	b.WriteString(s)
	b.Reset()
	buffers.Put(b)
}

func again() *bytes.Buffer { return wrap.Get() }

func chained(s string) string {
	b := again()
	defer func() {
		b.Reset()
		wrap.Put(b)
	}()
	return s + b.String()
}

func partial(tok string) string {
	r := wrap.AcquireReq()
	defer wrap.ReleaseReq(r)
	r.ID++
	if tok != "" {
		r.Token = tok
	}
	return r.Token
}

// A pointer may be of a type that has a name.
type holder struct{ next *bytes.Buffer }

type place *holder

func named(p place, s string) {
	p.next = wrap.GetClean()
	p.next.WriteString(s)
	wrap.PutClean(p.next)
}
