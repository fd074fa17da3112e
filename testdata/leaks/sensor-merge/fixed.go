//go:build ignore

// Whoever reads the merged stream closes done when it leaves.

package main

import "sync"

type reading struct {
	sensor string
	value  float64
}

func sensor(done <-chan struct{}, name string, values []float64) <-chan reading {
	out := make(chan reading)
	go func() {
		defer close(out)
		for _, v := range values {
			select {
			case out <- reading{name, v}:
			case <-done:
				return
			}
		}
	}()
	return out
}

func merge(done <-chan struct{}, inputs ...<-chan reading) <-chan reading {
	out := make(chan reading)
	var open sync.WaitGroup
	open.Add(len(inputs))
	for _, in := range inputs {
		go func() {
			defer open.Done()
			for r := range in {
				select {
				case out <- r:
				case <-done:
					return
				}
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
	done := make(chan struct{})
	defer close(done)
	all := merge(done,
		sensor(done, "boiler", []float64{60, 71, 99, 80}),
		sensor(done, "pump", []float64{20, 95, 30, 40}),
	)
	for r := range all {
		if r.value > limit {
			return r, true
		}
	}
	return reading{}, false
}

func run() { firstAlarm(90) }
