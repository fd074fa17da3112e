//go:build ignore

// proof: allocs

package main

import (
	"io"
	"text/template"
)

func run() {
	for range 10 {
		page(io.Discard, "name")
	}
}

var hello = template.Must(template.New("page").Parse("Hello {{.}}"))

func page(w io.Writer, name string) error { return hello.Execute(w, name) }

func main() {
	for range 3 {
		run()
	}
}
