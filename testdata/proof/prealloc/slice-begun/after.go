//go:build ignore

// proof: allocs slice -all

package main

import "slices"

type page struct{ name string }

var (
	sink  []string
	pages = make([]page, 40)
)

func rows(pages []page) []string {
	out := []string{"name"}
	out = slices.Grow(out, len(pages))
	for _, p := range pages {
		out = append(out, p.name)
	}
	return out
}

func run() { sink = rows(pages) }

func main() { run() }
