// Package d23: clone of options, a func that conditionally sets.
package d23

import (
	"net/http"
	"sync"
)

type opts struct {
	timeout int
	headers http.Header
	retry   bool
}

type Option func(*opts)

var optPool = sync.Pool{New: func() any { return &opts{headers: http.Header{}} }}

func Do(req *http.Request, o ...Option) (*http.Response, error) {
	op := optPool.Get().(*opts) // want `the \*opts from optPool may still hold its previous user.s field retry: it is reset neither after this Get nor before its Put`
	defer optPool.Put(op)
	for _, f := range o {
		f(op)
	}
	for k, v := range op.headers {
		req.Header[k] = v
	}
	if op.retry {
		_, _ = http.DefaultClient.Do(req)
	}
	return http.DefaultClient.Do(req)
}

func Retry() Option             { return func(o *opts) { o.retry = true } }
func Header(k, v string) Option { return func(o *opts) { o.headers.Set(k, v) } }
