package skips

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

var errGone = errors.New("gone")

// A mooring is watched until it is cast off, once.
type mooring struct {
	harbour interface{ CastOff(int) error }
	berth   int
	cast    chan struct{}
	mu      sync.Mutex
	off     bool
	checks  int
}

func Moor(harbour interface{ CastOff(int) error }, berth int) *mooring {
	m := &mooring{harbour: harbour, berth: berth, cast: make(chan struct{})}
	go m.watch()
	return m
}

func (m *mooring) watch() {
	t := time.NewTicker(time.Minute)
	defer t.Stop()
	for {
		select { // want `this goroutine never ends if CastOff returns at line 53: that way it does not close m.cast, and it does nothing when it is called again`
		case <-t.C:
			m.mu.Lock()
			m.checks++
			m.mu.Unlock()
		case <-m.cast:
			return
		}
	}
}

func (m *mooring) CastOff() error {
	m.mu.Lock()
	if m.off {
		m.mu.Unlock()
		return errGone
	}
	m.off = true
	m.mu.Unlock()
	if err := m.harbour.CastOff(m.berth); err != nil {
		return fmt.Errorf("berth %d: %w", m.berth, err)
	}
	close(m.cast)
	return nil
}

// An atomic flag is no better.
type anchor struct {
	chain interface{ Heave() error }
	up    chan struct{}
	done  atomic.Bool
}

func Anchor(chain interface{ Heave() error }) *anchor {
	a := &anchor{chain: chain, up: make(chan struct{})}
	go func() {
		for {
			select { // want `this goroutine never ends if Weigh returns at line 85: .*`
			case <-time.After(time.Minute):
			case <-a.up:
				return
			}
		}
	}()
	return a
}

func (a *anchor) Weigh() error {
	if !a.done.CompareAndSwap(false, true) {
		return errGone
	}
	if err := a.chain.Heave(); err != nil {
		return err
	}
	close(a.up)
	return nil
}

// Nor is a Once.
type rope struct {
	knot interface{ Untie() error }
	free chan struct{}
	once sync.Once
	err  error
}

func Rope(knot interface{ Untie() error }) *rope {
	r := &rope{knot: knot, free: make(chan struct{})}
	go func() {
		for {
			select { // want `this goroutine never ends if the function literal at line 114 returns at line 116: .*`
			case <-time.After(time.Minute):
			case <-r.free:
				return
			}
		}
	}()
	return r
}

func (r *rope) Untie() error {
	r.once.Do(func() {
		if r.err = r.knot.Untie(); r.err != nil {
			return
		}
		close(r.free)
	})
	return r.err
}

// This one may be tried again: only success bars it.
type gangway struct {
	crane interface{ Lift() error }
	up    chan struct{}
	mu    sync.Mutex
	in    bool
}

func Gangway(crane interface{ Lift() error }) *gangway { // want Gangway:"starts a goroutine that Lift of 0 ends"
	g := &gangway{crane: crane, up: make(chan struct{})}
	go func() {
		for {
			select {
			case <-time.After(time.Minute):
			case <-g.up:
				return
			}
		}
	}()
	return g
}

func (g *gangway) Lift() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.in {
		return errGone
	}
	if err := g.crane.Lift(); err != nil {
		return err
	}
	g.in = true
	close(g.up)
	return nil
}

// This one ends its goroutine first, or by a defer.
type buoy struct {
	lamp interface{ Out() error }
	out  chan struct{}
	sunk atomic.Bool
}

func Buoy(lamp interface{ Out() error }) *buoy { // want Buoy:"starts a goroutine that Sink of 0 ends"
	b := &buoy{lamp: lamp, out: make(chan struct{})}
	go func() {
		for {
			select {
			case <-time.After(time.Minute):
			case <-b.out:
				return
			}
		}
	}()
	return b
}

func (b *buoy) Sink() error {
	if b.sunk.Swap(true) {
		return errGone
	}
	defer close(b.out)
	if err := b.lamp.Out(); err != nil {
		return err
	}
	return nil
}

// This one takes the flag back.
type sail struct {
	mast   interface{ Lower() error }
	down   chan struct{}
	mu     sync.Mutex
	furled bool
}

func Sailing(mast interface{ Lower() error }) *sail { // want Sailing:"starts a goroutine that Furl of 0 ends"
	s := &sail{mast: mast, down: make(chan struct{})}
	go func() {
		for {
			select {
			case <-time.After(time.Minute):
			case <-s.down:
				return
			}
		}
	}()
	return s
}

func (s *sail) Furl() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.furled {
		return nil
	}
	s.furled = true
	if err := s.mast.Lower(); err != nil {
		s.furled = false
		return err
	}
	close(s.down)
	return nil
}

// This one has nothing to end if it has not been started, and is not started later.
type dinghy struct {
	quay   interface{ Leave() error }
	stop   chan struct{}
	mu     sync.Mutex
	moving bool
	docked bool
}

func Dinghy(quay interface{ Leave() error }) *dinghy {
	return &dinghy{quay: quay, stop: make(chan struct{})}
}

func (f *dinghy) Sail() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.moving || f.docked {
		return
	}
	f.moving = true
	go func() {
		for {
			select {
			case <-time.After(time.Minute):
			case <-f.stop:
				return
			}
		}
	}()
}

func (f *dinghy) Dock() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.docked {
		return errGone
	}
	f.docked = true
	if !f.moving {
		return errGone
	}
	close(f.stop)
	return f.quay.Leave()
}

// This one takes another Once then.
type painter struct {
	knot interface{ Untie() error }
	free chan struct{}
	once *sync.Once
}

func Painter(knot interface{ Untie() error }) *painter { // want Painter:"starts a goroutine that Untie of 0 ends"
	h := &painter{knot: knot, free: make(chan struct{}), once: new(sync.Once)}
	go func() {
		for {
			select {
			case <-time.After(time.Minute):
			case <-h.free:
				return
			}
		}
	}()
	return h
}

func (h *painter) Untie() (err error) {
	h.once.Do(func() {
		if err = h.knot.Untie(); err != nil {
			h.once = new(sync.Once)
			return
		}
		close(h.free)
	})
	return err
}
