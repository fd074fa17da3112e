//go:build ignore

// proof: allocs flatten -all

package main

type page struct{ lines []string }

var (
	sink  []string
	pages = make([]page, 20)
)

func init() {
	for i := range pages {
		pages[i].lines = make([]string, 10)
	}
}

func rows(pages []page) []string {
	var out []string
	for _, p := range pages {
		out = append(out, p.lines...)
	}
	return out
}

func run() { sink = rows(pages) }

func main() { run() }
