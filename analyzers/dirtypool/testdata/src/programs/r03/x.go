package r03

import "sync"

type Request struct {
	Body  []byte
	Attrs map[string]string
}

// Frame is exported; acquired and released by users of the package.
type Frame struct {
	reqs []*Request
	keys []string
	next []func()
}

var frames sync.Pool

func Acquire() *Frame {
	if f, _ := frames.Get().(*Frame); f != nil {
		return f
	}
	return &Frame{}
}

func (f *Frame) Add(r *Request, k string) {
	f.reqs = append(f.reqs, r)
	f.keys = append(f.keys, k)
	f.next = append(f.next, func() { println(len(r.Body)) })
}

func (f *Frame) Close() error {
	f.reqs = f.reqs[:0] // want `f\.reqs\[:0\] keeps the old \*Request values reachable from frames; clear\(f\.reqs\) first`
	f.keys = f.keys[:0]
	f.next = f.next[:0]
	frames.Put(f)
	return nil
}
