//go:build ignore

// proof: behaviour

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
)

// opened counts the files that one request opens.
var opened int

type files struct{}

func (files) Open(name string) (http.File, error) {
	opened++
	return nil, http.ErrMissingFile
}

// checked looks for an index first.
type checked struct{ http.FileSystem }

func (c checked) Open(name string) (http.File, error) {
	if _, err := c.FileSystem.Open(name + "/index.html"); err == nil {
		return nil, http.ErrMissingFile
	}
	return c.FileSystem.Open(name)
}

func serve(root http.FileSystem) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		root = checked{root}
		http.FileServer(root).ServeHTTP(w, r)
	}
}

func run() string {
	h := serve(files{})
	for range 8 {
		opened = 0
		h(httptest.NewRecorder(), httptest.NewRequest("GET", "/a", nil))
	}
	if opened > 2 {
		return fmt.Sprintf("bad: the last request opens %d files", opened)
	}
	return "ok"
}

func main() { fmt.Println(run()) }
