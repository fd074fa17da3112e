package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

func init() {
	debug.SetGCPercent(-1)
	debug.SetPanicOnFault(true) // all the work is done on this goroutine
}

func main() {
	for i := range 3 {
		fmt.Println(i)
	}
	runtime.GC()
}
