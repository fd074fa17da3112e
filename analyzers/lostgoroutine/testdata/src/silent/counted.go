package silent

import (
	"errors"
	"os"
	"os/signal"
)

var errDrained = errors.New("drained")

// What is counted in each round lets one goroutine be started, which is the one that is heard.
func untilDrained() error {
	ended := make(chan error)
	watchAlarms(ended)
	return <-ended
}

func watchAlarms(ended chan<- error) {
	alarms := make(chan os.Signal, 1)
	signal.Notify(alarms, os.Interrupt)
	var seen uint
	go func() {
		for range alarms {
			seen++
			if seen < 2 {
				go func() {
					drain()
					ended <- errDrained
				}()
			}
		}
	}()
}

func drain() {}
