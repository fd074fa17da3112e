//go:build ignore

// proof: allocs flatten

package main

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
	for _, p := range pages {
		out = append(out, p...)
	}
	return out
}

func run() { sink = rows(pages) }

func main() { run() }
