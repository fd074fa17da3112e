package contract

import (
	"io"
	"sync/atomic"
	"time"
)

// A gauge tells now and then how much has gone through a tap.
type gauge struct {
	litres atomic.Int64
	stop   chan struct{}
}

func newGauge(tell func(int64)) *gauge { // want newGauge:`starts a goroutine that off of 0 ends`
	g := &gauge{stop: make(chan struct{})}
	go func() {
		t := time.NewTicker(time.Second)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				tell(g.litres.Load())
			case <-g.stop:
				return
			}
		}
	}()
	return g
}

func (g *gauge) off() { close(g.stop) }

// A tap that counts cannot turn its gauge off.
type countedTap struct {
	to io.Writer
	g  *gauge
}

func (t countedTap) Write(p []byte) (int, error) {
	t.g.litres.Add(int64(len(p)))
	return t.to.Write(p)
}

func fill(to io.Writer, from io.Reader, tell func(int64)) (int64, error) {
	g := newGauge(tell) // want `newGauge starts a goroutine that ends only after off: fill returns at line \d+ without calling it, and nobody else can`
	n, err := io.Copy(countedTap{to, g}, from)
	if err != nil {
		return 0, err
	}
	g.off()
	return n, nil
}

// One that can be closed does.
type closingTap struct {
	to io.Writer
	g  *gauge
}

func (t *closingTap) Write(p []byte) (int, error) {
	t.g.litres.Add(int64(len(p)))
	return t.to.Write(p)
}

func (t *closingTap) Close() error {
	t.g.off()
	return nil
}

func fillAndClose(to io.Writer, pour func(io.WriteCloser) error, tell func(int64)) error {
	g := newGauge(tell)
	return pour(&closingTap{to, g})
}

// What is embedded can be turned off by whoever has it.
type openTap struct {
	io.Writer
	*gauge
}

func fillOpen(to io.Writer, pour func(interface{ off() }) error, tell func(int64)) error {
	g := newGauge(tell)
	return pour(openTap{to, g})
}

// Which gauge is meant may change in loops.
type twoTaps struct {
	to   io.Writer
	a, b *gauge
}

func (t *twoTaps) second() *gauge { return t.b }

func (t *twoTaps) Write(p []byte) (int, error) {
	g, h := t.a, t.a
	for len(p) > 3 {
		for len(p) > 5 {
			if p[0] == 1 {
				g = t.second()
			}
			g.litres.Add(1)
			p = p[1:]
		}
		p = p[1:]
	}
	g2 := t.a
	func() { g2.litres.Add(g.litres.Load() - h.litres.Load()) }()
	g2, h = h, g2
	return t.to.Write(p)
}

func fillTwo(to io.Writer, from io.Reader, tell func(int64)) (int64, error) {
	g := newGauge(tell) // want `newGauge starts a goroutine that ends only after off: fillTwo returns at line \d+ without calling it, and nobody else can`
	n, err := io.Copy(&twoTaps{to: to, a: g}, from)
	if err != nil {
		return 0, err
	}
	g.off()
	return n, nil
}
