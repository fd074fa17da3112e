package field

import (
	"sync"
	"time"
)

// A pulse is measured again and again for as long as its patient is here.
type pulse struct {
	name  string
	every time.Duration
	timer *time.Timer
}

type Ward struct {
	mu      sync.Mutex
	pulses  map[string]*pulse
	measure func(name string)
}

func (w *Ward) Admit(name string, every time.Duration) {
	p := &pulse{name: name, every: every}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pulses[name] = p
	p.timer = time.AfterFunc(p.every, func() { w.beat(p) }) // want `nobody stops this timer, and its function sets it again whenever it fires: it goes on for ever, though what it works for is deleted at line \d+`
}

func (w *Ward) beat(p *pulse) {
	w.measure(p.name)
	w.mu.Lock()
	defer w.mu.Unlock()
	p.timer.Reset(p.every)
}

func (w *Ward) Discharge(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.pulses, name)
}

// A Drip makes a new timer each time, and Close does not stop it.
type Drip struct {
	mu    sync.Mutex
	timer *time.Timer
	drops int
}

func NewDrip() *Drip {
	d := new(Drip)
	d.set()
	return d
}

func (d *Drip) set() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.timer = time.AfterFunc(time.Second, d.drop) // want `nobody stops this timer, and its function sets it again whenever it fires: it goes on for ever, though Close ends what it works for at line \d+`
}

func (d *Drip) drop() {
	d.mu.Lock()
	d.drops++
	d.mu.Unlock()
	d.set()
}

func (d *Drip) Close() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.drops
}

// A stopped one is no more set.
type stopped struct {
	mu    sync.Mutex
	timer *time.Timer
	drops int
}

func newStopped() *stopped {
	c := new(stopped)
	c.set()
	return c
}

func (c *stopped) set() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timer = time.AfterFunc(time.Second, c.drop)
}

func (c *stopped) drop() {
	c.drops++
	c.set()
}

func (c *stopped) Close() { c.timer.Stop() }

// A flagged one asks whether it is to go on.
type flagged struct {
	mu     sync.Mutex
	timer  *time.Timer
	closed bool
}

func (c *flagged) Start() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timer = time.AfterFunc(time.Second, c.drop)
}

func (c *flagged) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.timer.Reset(time.Second)
}

func (c *flagged) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
}

// A clock goes for as long as the program does.
type clock struct {
	timer *time.Timer
	ticks int
}

func newClock() *clock {
	c := new(clock)
	c.timer = time.AfterFunc(time.Second, c.tick)
	return c
}

func (c *clock) tick() {
	c.ticks++
	c.timer.Reset(time.Second)
}
