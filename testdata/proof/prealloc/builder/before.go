//go:build ignore

// proof: allocs builder

package main

import "strings"

var sink string

func marks(n int, mark string) string {
	var b strings.Builder
	for range n {
		b.WriteString(mark)
		b.WriteByte(' ')
	}
	return b.String()
}

func run() { sink = marks(100, "mark") }

func main() { run() }
