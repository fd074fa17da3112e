package correct

import (
	"net/http/httputil"
	"net/url"
	"sync"
)

// The interface that it is made for wants slices: a pointer to one would be a new one
// on every Put.
type lines struct{ pool sync.Pool }

func newLines() *lines {
	l := new(lines)
	l.pool.New = func() any { return make([]byte, 4096) }
	return l
}

func (l *lines) Get() []byte { return l.pool.Get().([]byte) }

func (l *lines) Put(b []byte) { l.pool.Put(b) } // want Put:`any capacity`

func proxy(u *url.URL) *httputil.ReverseProxy {
	p := httputil.NewSingleHostReverseProxy(u)
	p.BufferPool = newLines()
	return p
}
