// Package d17: response writer wrapper in a middleware with status only set on WriteHeader.
package d17

import (
	"log"
	"net/http"
	"sync"
)

type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(code int) {
	r.status = code
	r.ResponseWriter.WriteHeader(code)
}

func (r *recorder) Write(p []byte) (int, error) {
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

var recorders = sync.Pool{New: func() any { return &recorder{} }}

func Log(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		rec := recorders.Get().(*recorder) // want `the \*recorder from recorders may still hold its previous user.s fields status and bytes: it is reset neither after this Get nor before its Put`
		defer recorders.Put(rec)
		rec.ResponseWriter = w
		next.ServeHTTP(rec, req)
		log.Println(req.URL.Path, rec.status, rec.bytes)
	})
}
