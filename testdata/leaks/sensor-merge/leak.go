//go:build ignore

// The merged stream is left at the first alarm, and every sensor waits to send.
//
// leak: lostgoroutine abandoned-send: reported as lostgoroutine partner-exits with -all

package main

import "sync"

type reading struct {
	sensor string
	value  float64
}

func sensor(name string, values []float64) <-chan reading {
	out := make(chan reading)
	go func() {
		defer close(out)
		for _, v := range values {
			out <- reading{name, v}
		}
	}()
	return out
}

func merge(inputs ...<-chan reading) <-chan reading {
	out := make(chan reading)
	var open sync.WaitGroup
	open.Add(len(inputs))
	for _, in := range inputs {
		go func() {
			defer open.Done()
			for r := range in {
				out <- r
			}
		}()
	}
	go func() {
		open.Wait()
		close(out)
	}()
	return out
}

func firstAlarm(limit float64) (reading, bool) {
	all := merge(
		sensor("boiler", []float64{60, 71, 99, 80}),
		sensor("pump", []float64{20, 95, 30, 40}),
	)
	for r := range all {
		if r.value > limit {
			return r, true
		}
	}
	return reading{}, false
}

func run() { firstAlarm(90) }
