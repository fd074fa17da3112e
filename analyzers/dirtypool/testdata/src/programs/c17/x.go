// Package c17: recorder reset by assignment of all.
package c17

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
		rec := recorders.Get().(*recorder)
		rec.ResponseWriter, rec.status, rec.bytes = w, 200, 0
		defer func() {
			rec.ResponseWriter = nil
			recorders.Put(rec)
		}()
		next.ServeHTTP(rec, req)
		log.Println(req.URL.Path, rec.status, rec.bytes)
	})
}
