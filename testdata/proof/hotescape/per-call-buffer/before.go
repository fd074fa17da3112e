//go:build ignore

// proof: bytes

package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
)

func upload(w http.ResponseWriter, req *http.Request) {
	buf := make([]byte, 32<<10)
	for {
		n, err := req.Body.Read(buf)
		if n > 0 {
			w.Write(buf[:n])
		}
		if err == io.EOF {
			return
		}
	}
}

func run() {
	req := httptest.NewRequest("POST", "/", strings.NewReader("hello"))
	upload(httptest.NewRecorder(), req)
}

func main() {
	for range 3 {
		run()
	}
}
