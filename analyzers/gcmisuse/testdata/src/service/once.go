package main

import (
	"os"
	"runtime/debug"
)

// once does its work and ends, unless it is told to serve.
func once() {
	serving := len(os.Args) > 1 && os.Args[1] == "serve"
	if !serving {
		debug.SetGCPercent(-1)
	}
}
