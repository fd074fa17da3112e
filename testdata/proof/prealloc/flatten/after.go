//go:build ignore

// proof: allocs flatten

package main

import "slices"

var (
	sink  []string
	pages = make([][]string, 20)
)

func init() {
	for i := range pages {
		pages[i] = make([]string, 10)
	}
}

func rows(pages [][]string) []string {
	var out []string
	out = slices.Concat(pages...)
	return out
}

func run() { sink = rows(pages) }

func main() { run() }
