package a

import (
	"os"
	"os/signal"
)

// Two are let through, one is heard.
func untilSecond() int {
	out := make(chan int)
	alarms := make(chan os.Signal, 1)
	signal.Notify(alarms, os.Interrupt)
	seen := 0
	go func() {
		for range alarms {
			seen++
			if seen <= 2 {
				go func() { out <- 1 }() // want `of the goroutines started at line \d+, all but 1 block forever at this send`
			}
		}
	}()
	return <-out
}

// It counts, and begins anew.
func everyTenth() int {
	out := make(chan int)
	alarms := make(chan os.Signal, 1)
	signal.Notify(alarms, os.Interrupt)
	seen := 0
	go func() {
		for range alarms {
			seen++
			if seen == 10 {
				seen = 0
				go func() { out <- 1 }() // want `of the goroutines started at line \d+, all but 1 block forever at this send`
			}
		}
	}()
	return <-out
}
