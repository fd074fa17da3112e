// Heapvet finds heap allocations, goroutine leaks and retained memory that a Go
// program need not have.
//
//	heapvet ./...                            at the desk and in CI
//	go vet -vettool=$(which heapvet) ./...   inside go vet
//
// See heapvet help.
package main

import (
	"fmt"
	"os"

	"github.com/heapvet/heapvet"
	"github.com/heapvet/heapvet/internal/cli"
	"github.com/heapvet/heapvet/internal/unit"
)

func main() {
	args := os.Args[1:]
	if done, err := cli.PrintVersion(args); err != nil {
		fmt.Fprintf(os.Stderr, "heapvet: %v\n", err)
		os.Exit(1)
	} else if done {
		return
	}
	if unit.Wanted(args) {
		os.Exit(unit.Main(heapvet.Suite, args))
	}
	os.Exit(cli.Main(heapvet.Suite, args, os.Stdout, os.Stderr))
}
