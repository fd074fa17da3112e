package life

import "time"

// A relay has a goroutine that looks whether it is to end, and then waits for one that may have ended.
type relay struct {
	frames chan []byte
	quit   chan struct{}
	clock  *time.Ticker
	n      int
}

func startRelay(read func() []byte) *relay { // want startRelay:`starts a goroutine that stop of 0 ends`
	r := &relay{frames: make(chan []byte), quit: make(chan struct{})}
	go r.drain()
	go func() {
		for {
			select {
			case <-r.quit:
				return
			default:
			}
			r.frames <- read() // want `this send blocks forever once drain has returned at line \d+: nobody else receives from r.frames`
		}
	}()
	return r
}

func (r *relay) drain() {
	for {
		select {
		case b := <-r.frames:
			r.n += len(b)
		case <-r.quit:
			return
		}
	}
}

func (r *relay) stop() { close(r.quit) }

// What this one looks at is its own clock, and a signal that does not end the other.
type gauge struct {
	counts chan int
	quit   chan struct{}
	pause  chan struct{}
	total  int
}

func startGauge() *gauge { // want startGauge:`starts a goroutine that stop of 0 ends`
	m := &gauge{counts: make(chan int), quit: make(chan struct{}), pause: make(chan struct{})}
	go m.sum()
	return m
}

func (m *gauge) sum() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case n := <-m.counts:
			m.total += n
		case <-tick.C:
			println(m.total)
		case <-m.quit:
			return
		}
	}
}

func (m *gauge) work(n int) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for range n {
		select {
		case <-m.pause:
			return
		case <-tick.C:
			m.counts <- n
		default:
		}
	}
	m.counts <- n
}

func (m *gauge) stop() { close(m.quit) }
