//go:build ignore

// proof: bytes

package main

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
)

var req = httptest.NewRequest("GET", "/", nil)

func run() { serve(httptest.NewRecorder(), req) }
func serve(w http.ResponseWriter, req *http.Request) {
	z := gzip.NewWriter(w)
	defer z.Close()
	io.WriteString(z, "hello")
}

func main() {
	for range 3 {
		run()
	}
}
