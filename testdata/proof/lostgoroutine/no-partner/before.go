//go:build ignore

// proof: leak

package main

type framer struct {
	reset chan bool
	stop  chan struct{}
}

func newFramer() *framer {
	return &framer{reset: make(chan bool), stop: make(chan struct{})}
}

func (f *framer) monitor() {
	<-f.stop
}

func (f *framer) write() { f.reset <- true }

func run() {
	f := newFramer()
	go f.monitor()
	go f.write()
	close(f.stop)
}
