package demand

import (
	"os"
	"regexp"
)

var word = regexp.MustCompile(`\w+`) // want `the initial value of word perhaps computes much \(regexp.MustCompile\) before main begins`

func init() {
	if os.Getenv("TRACE") != "" {
		os.Create("trace") // want `init perhaps uses files \(os.Create\) before main begins`
	}
	load() // want `init perhaps uses files \(load → os.ReadFile\)`
}

func load() {
	if len(os.Args) > 3 {
		os.ReadFile("x")
	}
}
