//go:build ignore

// proof: behaviour

package main

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"time"
)

func burst(w http.ResponseWriter, r *http.Request) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	render(current)
}

func run() string {
	old := debug.SetGCPercent(100)
	var first, second work
	first.init()
	second.init()
	current = &first
	go burst(nil, nil)
	<-first.begun
	current = &second
	go burst(nil, nil)
	<-second.begun
	close(first.end)
	<-first.ended
	time.Sleep(10 * time.Millisecond)
	close(second.end)
	<-second.ended
	time.Sleep(10 * time.Millisecond)
	if got := debug.SetGCPercent(old); got != 100 {
		return fmt.Sprintf("bad: after two requests GOGC is %d for good", got)
	}
	return "ok"
}

type work struct{ begun, end, ended chan bool }

func (w *work) init() { w.begun, w.end, w.ended = make(chan bool), make(chan bool), make(chan bool) }

var current *work

func render(w *work) {
	w.begun <- true
	<-w.end
	w.ended <- true
}
