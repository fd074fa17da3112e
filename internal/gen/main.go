// Command gen writes what is derived from the suite, and the start of a new check.
//
//	go run ./internal/gen docs         docs/checks.md and docs/checks/*.md
//	go run ./internal/gen check NAME   analyzers/NAME with a rule that works,
//	                                   its fixtures and its proof, and its place in suite.go
//	go run ./internal/gen builtins     evidence/alloc/go1.NN.txt, for the selected
//	                                   toolchain: GOTOOLCHAIN=go1.NN.0
//	go run ./internal/gen std          evidence/alloc/std1.NN.txt, likewise
package main

import (
	"fmt"
	"os"

	"github.com/heapvet/heapvet"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 1 && args[0] == "docs":
		return writeDocs(".", heapvet.Suite)
	case len(args) == 2 && args[0] == "check":
		return writeCheck(".", args[1])
	case len(args) == 1 && args[0] == "builtins":
		return writeBuiltins(".")
	case len(args) == 1 && args[0] == "std":
		return writeStd(".")
	}
	return fmt.Errorf("usage: gen docs | gen check NAME | gen builtins | gen std")
}
