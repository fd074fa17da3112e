//go:build ignore

// The constructor starts the poller; one of two ways out forgets to stop it.
//
// leak: lostgoroutine contract: reported

package main

type poller struct {
	C    chan int
	quit chan struct{}
}

func newPoller() *poller {
	p := &poller{C: make(chan int), quit: make(chan struct{})}
	p.start()
	return p
}

func (p *poller) start() { go p.poll() }

func (p *poller) poll() {
	for n := 0; ; n++ {
		select {
		case p.C <- n:
		case <-p.quit:
			return
		}
	}
}

func (p *poller) Stop() { close(p.quit) }

func first(stop <-chan struct{}) int {
	p := newPoller()
	select {
	case n := <-p.C:
		p.Stop()
		return n
	case <-stop:
		return 0
	}
}

func run() {
	stop := make(chan struct{})
	close(stop)
	for range 20 {
		first(stop)
	}
}
