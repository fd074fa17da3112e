// Command command has helpers of main.
package main

import "os"

// Silent: runs once.
func main() {
	var upper []string
	for _, arg := range os.Args {
		upper = append(upper, arg+"!")
	}
	os.Exit(len(upper) + len(work(upper)) + len(setup()))
}

// Reported: what main hands over may be large.
func work(in []string) []string {
	var out []string // want `out grows`
	for _, s := range in {
		out = append(out, s+"!")
	}
	return out
}

// Silent: a part of main.
func setup() []string {
	var out []string
	for _, s := range os.Environ() {
		out = append(out, s+"!")
	}
	var twice []string
	for _, s := range out {
		twice = append(twice, s+s)
	}
	return twice
}
