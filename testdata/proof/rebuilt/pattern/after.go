//go:build ignore

// proof: allocs

package main

import (
	"regexp"
)

var n int

func run() {
	for range 10 {
		if valid("12345") {
			n++
		}
	}
}

var digits = regexp.MustCompile(`^\d+$`)

func valid(s string) bool { return digits.MatchString(s) }

func main() {
	for range 3 {
		run()
	}
}
