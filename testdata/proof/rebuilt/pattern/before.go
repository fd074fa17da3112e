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
func valid(s string) bool { re := regexp.MustCompile(`^\d+$`); return re.MatchString(s) }

func main() {
	for range 3 {
		run()
	}
}
