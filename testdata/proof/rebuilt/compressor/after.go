//go:build ignore

// proof: bytes

package main

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
)

var req = httptest.NewRequest("GET", "/", nil)

func run() { serve(httptest.NewRecorder(), req) }

var writers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func serve(w http.ResponseWriter, req *http.Request) {
	z := writers.Get().(*gzip.Writer)
	defer writers.Put(z)
	z.Reset(w)
	defer z.Close()
	io.WriteString(z, "hello")
}

func main() {
	for range 3 {
		run()
	}
}
