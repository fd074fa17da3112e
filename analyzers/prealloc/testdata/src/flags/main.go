// Command flags is done when it has printed something.
package main

import (
	"flag"
	"fmt"
)

var prefix = flag.String("prefix", "", "what to print first")

func main() {
	flag.Parse()
	fmt.Println(mark(flag.Args()))
}

func mark(in []string) []string {
	var out []string
	for _, s := range in {
		out = append(out, *prefix+s)
	}
	return out
}
