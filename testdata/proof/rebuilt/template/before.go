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
func page(w io.Writer, name string) error {
	t := template.Must(template.New("page").Parse("Hello {{.}}"))
	return t.Execute(w, name)
}

func main() {
	for range 3 {
		run()
	}
}
