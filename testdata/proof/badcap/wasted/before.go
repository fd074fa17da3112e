//go:build ignore

// proof: allocs

package main

import "errors"

var errNoName = errors.New("no name")

func validate(names []string) []error {
	errs := make([]error, 0, len(names))
	for _, name := range names {
		if name == "" {
			errs = append(errs, errNoName)
		}
	}
	return errs
}

var (
	names = []string{"a", "b", "c"}
	sink  []error
)

func run() { sink = validate(names) }

func main() { run() }
