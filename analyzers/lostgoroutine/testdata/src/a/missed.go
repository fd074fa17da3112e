package a

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Whoever looks at a context, or an atomic variable, and then waits, misses a Broadcast in between:
// it does not ask for the lock that he has until he waits.

type mailer struct {
	sync.Mutex
	more *sync.Cond
	mail []string
	done sync.WaitGroup
	shut atomic.Bool
}

func newMailer() *mailer {
	m := new(mailer)
	m.more = sync.NewCond(&m.Mutex)
	return m
}

func (m *mailer) add(s string) {
	m.Lock()
	defer m.Unlock()
	m.mail = append(m.mail, s)
	m.more.Broadcast()
}

func (m *mailer) start(ctx context.Context) {
	go func() {
		<-ctx.Done()
		m.more.Broadcast() // want `this Broadcast is made without the lock of the condition: who asked at line \d+ a moment ago, and is about to wait, misses it and waits on; take the lock around it`
	}()
	worker := func() {
		defer m.done.Done()
		m.Lock()
		defer m.Unlock()
		for len(m.mail) == 0 && ctx.Err() == nil {
			m.more.Wait()
		}
	}
	for range 3 {
		m.done.Add(1)
		go worker()
	}
}

func (m *mailer) next(ctx context.Context) (string, error) {
	stop := context.AfterFunc(ctx, m.more.Broadcast) // want `this Broadcast is made without the lock`
	defer stop()
	m.Lock()
	defer m.Unlock()
	for len(m.mail) == 0 {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		m.more.Wait()
	}
	return m.mail[0], nil
}

func (m *mailer) last(ctx context.Context) (string, error) {
	stop := context.AfterFunc(ctx, func() {
		m.more.Broadcast() // want `this Broadcast is made without the lock`
	})
	defer stop()
	m.Lock()
	defer m.Unlock()
	for len(m.mail) == 0 {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		m.more.Wait()
	}
	return m.mail[len(m.mail)-1], nil
}

func (m *mailer) first(ctx context.Context, done chan struct{}) string {
	go func() {
		select {
		case <-done:
		case <-ctx.Done():
			m.more.Broadcast() // want `this Broadcast is made without the lock`
		}
	}()
	m.Lock()
	defer m.Unlock()
	for len(m.mail) == 0 {
		if ctx.Err() != nil {
			return ""
		}
		m.more.Wait()
	}
	return m.mail[0]
}

func (m *mailer) close() {
	m.shut.Store(true)
	m.more.Broadcast() // want `this Broadcast is made without the lock`
}

func (m *mailer) drain() {
	m.Lock()
	defer m.Unlock()
	for !m.shut.Load() {
		m.more.Wait()
	}
}

// Right: the lock is taken around the Broadcast, or between the news and it.

type spooler struct {
	mu   sync.Mutex
	more *sync.Cond
	jobs []string
	shut atomic.Bool
}

func newSpooler() *spooler {
	s := new(spooler)
	s.more = sync.NewCond(&s.mu)
	return s
}

func (s *spooler) next(ctx context.Context) (string, error) {
	stop := context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.more.Broadcast()
	})
	defer stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.jobs) == 0 && !s.shut.Load() {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		s.more.Wait()
	}
	return s.jobs[0], nil
}

func (s *spooler) add(job string) {
	s.mu.Lock()
	s.jobs = append(s.jobs, job)
	s.mu.Unlock()
	s.more.Signal()
}

func (s *spooler) close() {
	s.mu.Lock()
	s.shut.Store(true)
	s.mu.Unlock()
	s.more.Broadcast()
}

func (s *spooler) closeLocked() {
	s.shut.Store(true)
	s.more.Broadcast()
}

func (s *spooler) reset() {
	s.mu.Lock()
	s.jobs = nil
	s.closeLocked()
	s.mu.Unlock()
}

// Right: woken by the clock as well.

type patient struct {
	mu   sync.Mutex
	more *sync.Cond
	shut atomic.Bool
}

func newPatient() *patient {
	p := new(patient)
	p.more = sync.NewCond(&p.mu)
	return p
}

func (p *patient) tick() {
	for range time.Tick(time.Second) {
		p.more.Broadcast()
	}
}

func (p *patient) close() {
	p.shut.Store(true)
	p.more.Broadcast()
}

func (p *patient) wait() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.shut.Load() {
		p.more.Wait()
	}
}

// Right: another context, which the wait does not ask for.

type gauge struct {
	mu    sync.Mutex
	moved *sync.Cond
	value int
}

func newGauge() *gauge {
	g := new(gauge)
	g.moved = sync.NewCond(&g.mu)
	return g
}

func (g *gauge) over(ctx context.Context, limit int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.value < limit && ctx.Err() == nil {
		g.moved.Wait()
	}
}

func (g *gauge) set(n int) {
	g.mu.Lock()
	g.value = n
	g.mu.Unlock()
	g.moved.Broadcast()
}

func (g *gauge) showUntil(other context.Context, show func(int)) {
	<-other.Done()
	g.moved.Broadcast()
	show(g.value)
}

// Right: only Stop ends the context, and wakes all itself.

type plant struct {
	mu    sync.Mutex
	grown *sync.Cond
	size  int
}

func (p *plant) grow(until int) {
	p.grown = sync.NewCond(&p.mu)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-ctx.Done()
		p.grown.Broadcast()
	}()
	go func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		for p.size < until && ctx.Err() == nil {
			p.grown.Wait()
		}
	}()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.size++
	if p.size > until {
		cancel()
		p.grown.Broadcast()
	}
}

// Right: the Broadcast is repeated until all have left.

type ferry struct {
	mu     sync.Mutex
	docked *sync.Cond
	sunk   atomic.Bool
	aboard atomic.Int64
	cars   []int
}

func newFerry() *ferry {
	f := new(ferry)
	f.docked = sync.NewCond(&f.mu)
	return f
}

func (f *ferry) ride() {
	f.aboard.Add(1)
	defer f.aboard.Add(-1)
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.cars) == 0 && !f.sunk.Load() {
		f.docked.Wait()
	}
}

func (f *ferry) sink() {
	f.sunk.Store(true)
	for f.aboard.Load() > 0 {
		f.docked.Broadcast()
	}
}

// Right: a timer wakes all in any case.

type lamp struct {
	mu  sync.Mutex
	lit *sync.Cond
	on  atomic.Bool
}

func newLamp() *lamp {
	l := new(lamp)
	l.lit = sync.NewCond(&l.mu)
	return l
}

func (l *lamp) light() {
	l.on.Store(true)
	l.lit.Broadcast()
}

func (l *lamp) flicker() {
	l.mu.Lock()
	l.lit.Broadcast()
	l.mu.Unlock()
	time.AfterFunc(time.Second, l.flicker)
}

func (l *lamp) wait() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.on.Load() {
		l.lit.Wait()
	}
}

type bell struct {
	mu   sync.Mutex
	rung *sync.Cond
	rang atomic.Bool
}

func newBell() *bell {
	b := new(bell)
	b.rung = sync.NewCond(&b.mu)
	return b
}

func (b *bell) ring() {
	b.rang.Store(true)
	b.rung.Broadcast()
}

func (b *bell) waitFor(d time.Duration) bool {
	end := time.Now().Add(d)
	defer time.AfterFunc(d, b.rung.Broadcast).Stop()
	b.mu.Lock()
	defer b.mu.Unlock()
	for !b.rang.Load() && time.Now().Before(end) {
		b.rung.Wait()
	}
	return b.rang.Load()
}
