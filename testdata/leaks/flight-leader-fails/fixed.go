//go:build ignore

// The error is for all who have asked.

package main

import (
	"errors"
	"sync"
	"time"
)

type forecast struct {
	ready chan struct{}
	text  string
	err   error
}

type office struct {
	mu       sync.Mutex
	fetching map[string]*forecast
	fetch    func(place string) (string, error)
}

func (o *office) Forecast(place string) (string, error) {
	o.mu.Lock()
	if f, ok := o.fetching[place]; ok {
		o.mu.Unlock()
		return f.wait()
	}
	f := &forecast{ready: make(chan struct{})}
	o.fetching[place] = f
	o.mu.Unlock()

	f.text, f.err = o.fetch(place)
	close(f.ready)
	o.mu.Lock()
	delete(o.fetching, place)
	o.mu.Unlock()
	return f.text, f.err
}

func (f *forecast) wait() (string, error) {
	<-f.ready
	return f.text, f.err
}

var errNoSatellite = errors.New("no satellite")

func run() {
	o := &office{fetching: make(map[string]*forecast), fetch: func(string) (string, error) {
		time.Sleep(10 * time.Millisecond)
		return "", errNoSatellite
	}}
	for range 3 {
		go o.Forecast("Bergen")
	}
}
