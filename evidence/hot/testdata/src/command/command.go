package main

import "os"

func mark() {}

func main() {
	for range os.Args {
		mark() // want "cold"
	}
	configure(os.Args)
	for range os.Args {
		process(os.Args)
	}
}

func configure(args []string) {
	for range args {
		mark() // want "cold"
	}
}

func process(args []string) {
	mark() // want "cold"
	for range args {
		mark() // want "loop"
	}
}
