//go:build ignore

// proof: retained signal

package main

import (
	"os"
	"os/signal"
	"time"
)

func interrupted(d time.Duration) bool {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	select {
	case <-c:
		return true
	case <-time.After(d):
		return false
	}
}

func run() { interrupted(time.Microsecond) }
