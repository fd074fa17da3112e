//go:build ignore

// A forecast is fetched once for all who ask for it at the same time. The one who
// fetches it goes with an error, and those who found him at it wait on.
//
// leak: lostgoroutine lost-signal: reported

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

	text, err := o.fetch(place)
	if err != nil {
		return "", err
	}
	f.text = text
	close(f.ready)
	return text, nil
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
