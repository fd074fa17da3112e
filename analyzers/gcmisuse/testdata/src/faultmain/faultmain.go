package main

import "runtime/debug"

func main() {
	protect()
	go work()
	go func() {
		debug.SetPanicOnFault(true)
		work()
	}()
	func() {
		old := debug.SetPanicOnFault(true)
		defer debug.SetPanicOnFault(old)
		work()
	}()
}

func protect() {
	debug.SetPanicOnFault(true) // want `debug.SetPanicOnFault concerns the calling goroutine alone`
	debug.SetPanicOnFault(false)
}

var _ = debug.SetPanicOnFault(true) // want `debug.SetPanicOnFault concerns the calling goroutine alone`

func work() {}
