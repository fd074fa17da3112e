//go:build ignore

// The gate drops a request when it has no room for it, and who has asked waits for the verdict.
//
// leak: lostgoroutine lost-signal: reported

package main

import "time"

type entry struct {
	guest   string
	verdict chan bool
}

type gate struct {
	line    chan entry
	quit    chan struct{}
	dropped int
}

func openGate(room int) *gate {
	g := &gate{line: make(chan entry, room), quit: make(chan struct{})}
	go g.decide()
	return g
}

func (g *gate) decide() {
	for {
		select {
		case e := <-g.line:
			time.Sleep(time.Millisecond)
			e.verdict <- len(e.guest) > 0
		case <-g.quit:
			return
		}
	}
}

func (g *gate) put(e entry) {
	select {
	case g.line <- e:
	default:
		g.dropped++
	}
}

func (g *gate) enter(guest string) bool {
	e := entry{guest: guest, verdict: make(chan bool, 1)}
	g.put(e)
	return <-e.verdict
}

func (g *gate) close() { close(g.quit) }

func run() {
	g := openGate(1)
	for range 8 {
		go g.enter("visitor")
	}
	time.Sleep(50 * time.Millisecond)
	g.close()
}
