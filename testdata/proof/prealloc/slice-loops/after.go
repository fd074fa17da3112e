//go:build ignore

// proof: allocs slice

package main

import "slices"

type page struct{ name string }

var (
	sink  []string
	pages = make([]page, 40)
)

func rows(pages []page) []string {
	var out []string
	out = slices.Grow(out, len(pages)+len(pages))
	for _, p := range pages {
		out = append(out, p.name)
	}
	for i := range pages {
		out = append(out, "copy "+pages[i].name)
	}
	return out
}

func run() { sink = rows(pages) }

func main() { run() }
