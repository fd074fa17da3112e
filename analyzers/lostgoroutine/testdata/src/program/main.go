// Package main has what lives as long as the program, and what does not.
package main

import "time"

// A tap is opened for each import and closed after it; its goroutine goes on.
type tap struct {
	lines chan string
	done  chan struct{}
	n     int
}

func openTap() *tap {
	t := &tap{lines: make(chan string, 4), done: make(chan struct{})}
	go t.count() // want `this goroutine never ends: its loop has no way out, and Close, which closes done, does not end it`
	return t
}

func (t *tap) count() {
	tick := time.NewTicker(time.Second)
	for {
		select {
		case l := <-t.lines:
			t.n += len(l)
		case <-tick.C:
			println(t.n)
		}
	}
}

func (t *tap) add(l string) {
	select {
	case t.lines <- l:
	case <-t.done:
	}
}

func (t *tap) Close() { close(t.done) }

func importAll(lines ...string) {
	t := openTap()
	defer t.Close()
	for _, l := range lines {
		t.add(l)
	}
}

// The journal is there for as long as the program is.
type journal struct {
	lines chan string
	done  chan struct{}
}

func openJournal() *journal {
	j := &journal{lines: make(chan string, 4), done: make(chan struct{})}
	go j.write()
	return j
}

func (j *journal) write() {
	tick := time.NewTicker(time.Second)
	for {
		select {
		case l := <-j.lines:
			println(l)
		case <-tick.C:
			println("mark")
		}
	}
}

func (j *journal) add(l string) {
	select {
	case j.lines <- l:
	case <-j.done:
	}
}

func (j *journal) Close() { close(j.done) }

func startJournal() {
	j := openJournal()
	defer j.Close()
	j.add("started")
	importAll("a", "b")
	importAll("c")
}

func main() { startJournal() }
