//go:build ignore

// proof: allocs guess-too-small

package main

type page struct{ name, text string }

var (
	sink  []string
	pages = make([]page, 1)
)

//go:noinline
func rows(pages []page) []string {
	out := make([]string, 0, 4)
	out = append(out, pages[0].name, pages[0].text)
	out = append(out, "sum", "tax")
	return out
}

func run() { sink = rows(pages) }

func main() { run() }
