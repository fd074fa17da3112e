//go:build ignore

// proof: behaviour

package main

import "runtime/debug"

func init() {
	debug.SetPanicOnFault(true)
}

// read tells whether a fault in it would panic, rather than end the program.
func read() bool {
	return debug.SetPanicOnFault(false)
}

func run() string {
	protected := make(chan bool)
	go func() { protected <- read() }()
	if !<-protected {
		return "bad: a fault ends the program"
	}
	return "ok"
}
