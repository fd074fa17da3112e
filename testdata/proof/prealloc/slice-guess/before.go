//go:build ignore

// proof: allocs slice

package main

type page struct{ name string }

var (
	sink  []string
	pages = make([]page, 40)
)

func rows(pages []page) []string {
	out := make([]string, 0, 4)
	for _, p := range pages {
		out = append(out, p.name)
	}
	return out
}

func run() { sink = rows(pages) }

func main() { run() }
