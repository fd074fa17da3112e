package life

import (
	"context"
	"sync"
	"time"
)

// A Tally has a goroutine that Close forgets: it closes another channel.
type Tally struct {
	in   chan int
	done chan struct{}
	sum  int
}

func NewTally() *Tally {
	t := &Tally{in: make(chan int, 8), done: make(chan struct{})}
	go t.loop() // want `this goroutine never ends: it ranges over t.in at line \d+, which nothing closes, and Close, which closes done, does not end it`
	return t
}

func (t *Tally) loop() {
	for n := range t.in {
		t.sum += n
	}
}

func (t *Tally) Add(n int) {
	select {
	case t.in <- n:
	case <-t.done:
	}
}

func (t *Tally) Close() { close(t.done) }

// A Peer has two goroutines, and Close ends one.
type Peer struct {
	out  chan []byte
	done chan struct{}
	once sync.Once

	mu   sync.Mutex
	seen time.Time
}

func Connect() *Peer { // want Connect:`starts a goroutine that Close of 0 ends`
	p := &Peer{out: make(chan []byte), done: make(chan struct{})}
	go p.write()
	go p.touch(time.Second) // want `this goroutine never ends: it waits for the clock in a loop that has no way out, and Close, which closes done, does not end it`
	return p
}

func (p *Peer) write() {
	for {
		select {
		case b := <-p.out:
			println(len(b))
		case <-p.done:
			return
		}
	}
}

func (p *Peer) touch(every time.Duration) {
	for {
		time.Sleep(every)
		p.mu.Lock()
		p.seen = time.Now()
		p.mu.Unlock()
	}
}

func (p *Peer) Close() {
	p.once.Do(func() { close(p.done) })
}

// A Log lives as long as the program: nothing says that it ends.
type Log struct{ lines chan string }

func NewLog() *Log {
	l := &Log{lines: make(chan string, 8)}
	go l.loop()
	return l
}

func (l *Log) loop() {
	for s := range l.lines {
		println(s)
	}
}

func (l *Log) Say(s string) { l.lines <- s }

// A Beat wakes those who wait by closing what they wait for, and makes it anew.
type Beat struct {
	mu   sync.Mutex
	next chan struct{}
	n    int
}

func NewBeat() *Beat {
	b := &Beat{next: make(chan struct{})}
	go b.loop()
	return b
}

func (b *Beat) loop() {
	for {
		time.Sleep(time.Second)
		b.Strike()
	}
}

func (b *Beat) Strike() {
	b.mu.Lock()
	close(b.next)
	b.next = make(chan struct{})
	b.n++
	b.mu.Unlock()
}

func (b *Beat) Wait() {
	b.mu.Lock()
	next := b.next
	b.mu.Unlock()
	<-next
}

// To close what says that it is ready, or to end what it works at, is not the end.
type Oven struct {
	hot  chan struct{}
	jobs chan func()
	mu   sync.Mutex
	heat int
}

func NewOven() *Oven {
	o := &Oven{hot: make(chan struct{}), jobs: make(chan func())}
	go o.run()
	go o.measure()
	return o
}

func (o *Oven) run() {
	for f := range o.jobs {
		f()
	}
}

func (o *Oven) measure() {
	for {
		time.Sleep(time.Second)
		o.mu.Lock()
		o.heat++
		o.mu.Unlock()
	}
}

func (o *Oven) Heated() { close(o.hot) }

func (o *Oven) Wait(ctx context.Context) error {
	select {
	case <-o.hot:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (o *Oven) Do(f func()) {
	<-o.hot
	o.jobs <- f
}

// A Stage plays one song after the other, and its clock goes on.
type Stage struct {
	mu   sync.Mutex
	stop context.CancelFunc
	time int
}

func NewStage() *Stage {
	s := &Stage{}
	go s.clock()
	return s
}

func (s *Stage) clock() {
	for {
		time.Sleep(time.Second)
		s.mu.Lock()
		s.time++
		s.mu.Unlock()
	}
}

func (s *Stage) Play(song string) { // want Play:`starts a goroutine that Pause of -1 ends`
	ctx, cancel := context.WithCancel(context.Background())
	s.mu.Lock()
	s.stop = cancel
	s.mu.Unlock()
	go play(ctx, song)
}

func play(ctx context.Context, song string) {
	<-ctx.Done()
	println(song)
}

func (s *Stage) Pause() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop()
}

// A Radio has its context from the beginning.
type Radio struct {
	mu   sync.Mutex
	off  context.CancelFunc
	mhz  int
	ends context.Context
}

func NewRadio() *Radio {
	r := &Radio{}
	r.ends, r.off = context.WithCancel(context.Background())
	go r.drift() // want `this goroutine never ends: it waits for the clock in a loop that has no way out, and Off, which calls off, does not end it`
	return r
}

func (r *Radio) drift() {
	for {
		time.Sleep(time.Second)
		r.mu.Lock()
		r.mhz++
		r.mu.Unlock()
	}
}

func (r *Radio) Off() { r.off() }

// A Meter adds up what comes in and writes it out by the clock; Close forgets its goroutine.
type Meter struct {
	in   chan float64
	done chan struct{}
	sum  float64
}

func NewMeter() *Meter {
	m := &Meter{in: make(chan float64, 8), done: make(chan struct{})}
	go m.loop(time.Second) // want `this goroutine never ends: its loop has no way out, and Close, which closes done, does not end it`
	return m
}

func (m *Meter) loop(every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case v := <-m.in:
			m.sum += v
		case <-t.C:
			println(m.sum)
			m.sum = 0
		}
	}
}

func (m *Meter) Observe(v float64) {
	select {
	case m.in <- v:
	case <-m.done:
	}
}

func (m *Meter) Close() { close(m.done) }

// A Gauge does the same and leaves its loop once there is nothing more.
type Gauge struct {
	in   chan float64
	done chan struct{}
	last float64
}

func NewGauge() *Gauge { // want NewGauge:`starts a goroutine that Close of 0 ends`
	g := &Gauge{in: make(chan float64), done: make(chan struct{})}
	go g.loop(time.Second)
	return g
}

func (g *Gauge) loop(every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case v := <-g.in:
			if v < 0 {
				return
			}
			g.last = v
		case <-t.C:
			println(g.last)
		}
	}
}

func (g *Gauge) Set(v float64) {
	select {
	case g.in <- v:
	case <-g.done:
	}
}

func (g *Gauge) Close() {
	g.in <- -1
	close(g.done)
}

// A Sampler's Start begins what Stop does not end: nobody listens but those outside.
type Sampler struct {
	done chan struct{}
	once sync.Once
	mu   sync.Mutex
	n    int
}

func NewSampler() *Sampler { return &Sampler{done: make(chan struct{})} }

func (s *Sampler) Start() {
	go s.sample() // want `this goroutine never ends: it waits for the clock in a loop that has no way out, and Stop, which closes done, does not end it`
	go s.report()
}

func (s *Sampler) sample() {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for range t.C {
		s.mu.Lock()
		s.n++
		s.mu.Unlock()
	}
}

// It ends by itself.
func (s *Sampler) report() {
	for range 10 {
		time.Sleep(time.Second)
	}
}

func (s *Sampler) Done() <-chan struct{} { return s.done }

func (s *Sampler) Stop() { s.once.Do(func() { close(s.done) }) }

// Ready is closed when a Starter has begun, which ends nothing.
type Starter struct {
	ready chan struct{}
	n     int
}

func NewStarter() *Starter {
	s := &Starter{ready: make(chan struct{})}
	go s.age()
	return s
}

func (s *Starter) age() {
	for {
		time.Sleep(time.Second)
		s.n++
	}
}

func (s *Starter) Begin() { close(s.ready) }

func (s *Starter) Ready() <-chan struct{} { return s.ready }
