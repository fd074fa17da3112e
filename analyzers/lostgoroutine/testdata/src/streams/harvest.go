package streams

import (
	"context"
	"fmt"
	"iter"
	"sync"
)

// The pickers of a harvest leave for an error that is not one to pass over, and the one who brings them
// the trees does not hear of it while he waits.

type Orchard interface {
	Pick(ctx context.Context, tree string) error
}

type harvest struct {
	trees chan string
	wg    sync.WaitGroup
}

func Harvest(ctx context.Context, o Orchard, n int, trees iter.Seq[string], minor func(error) bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	h := &harvest{trees: make(chan string)}
	for range n {
		h.wg.Go(func() {
			if h.pick(ctx, o, minor) != nil {
				cancel()
			}
		})
	}
	h.bring(ctx, trees)
	h.wg.Wait()
}

func (h *harvest) bring(ctx context.Context, trees iter.Seq[string]) {
	defer close(h.trees)
	for tree := range trees {
		if ctx.Err() != nil {
			return
		}
		h.trees <- tree // want `this send blocks forever once pick has returned at line \d+: nobody else receives from h.trees`
	}
}

func (h *harvest) pick(ctx context.Context, o Orchard, minor func(error) bool) error {
	for tree := range h.trees {
		err := o.Pick(ctx, tree)
		switch {
		case err == nil:
		case minor(err):
			fmt.Println(err)
		default:
			return err
		}
	}
	return nil
}

// The end of the context wakes the one who waits.

type vintage struct {
	vines chan string
	wg    sync.WaitGroup
}

func Vintage(ctx context.Context, o Orchard, n int, vines iter.Seq[string]) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	v := &vintage{vines: make(chan string)}
	for range n {
		v.wg.Go(func() {
			if v.pick(ctx, o) != nil {
				cancel()
			}
		})
	}
	v.bring(ctx, vines)
	v.wg.Wait()
}

func (v *vintage) bring(ctx context.Context, vines iter.Seq[string]) {
	defer close(v.vines)
	for vine := range vines {
		select {
		case v.vines <- vine:
		case <-ctx.Done():
			return
		}
	}
}

func (v *vintage) pick(ctx context.Context, o Orchard) error {
	for vine := range v.vines {
		if err := o.Pick(ctx, vine); err != nil {
			return err
		}
	}
	return nil
}

// The pickers go on whatever happens.

type gleaning struct {
	fields chan string
	wg     sync.WaitGroup
}

func Glean(ctx context.Context, o Orchard, n int, fields iter.Seq[string]) {
	g := &gleaning{fields: make(chan string)}
	for range n {
		g.wg.Go(func() { g.pick(ctx, o) })
	}
	g.bring(ctx, fields)
	g.wg.Wait()
}

func (g *gleaning) bring(ctx context.Context, fields iter.Seq[string]) {
	defer close(g.fields)
	for field := range fields {
		if ctx.Err() != nil {
			return
		}
		g.fields <- field
	}
}

func (g *gleaning) pick(ctx context.Context, o Orchard) (failed error) {
	for field := range g.fields {
		if err := o.Pick(ctx, field); err != nil {
			failed = err
		}
	}
	return failed
}

// Who brings these asks whether a picker is left.

type mowing struct {
	meadows chan string
	wg      sync.WaitGroup
	mu      sync.Mutex
	left    int
}

func Mow(ctx context.Context, o Orchard, meadows iter.Seq[string]) {
	m := &mowing{meadows: make(chan string), left: 1}
	m.wg.Go(func() { m.pick(ctx, o) })
	m.bring(meadows)
	m.wg.Wait()
}

func (m *mowing) some() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.left > 0
}

func (m *mowing) bring(meadows iter.Seq[string]) {
	defer close(m.meadows)
	for meadow := range meadows {
		if !m.some() {
			return
		}
		m.meadows <- meadow
	}
}

func (m *mowing) pick(ctx context.Context, o Orchard) {
	for meadow := range m.meadows {
		if err := o.Pick(ctx, meadow); err != nil {
			m.mu.Lock()
			m.left--
			m.mu.Unlock()
			return
		}
	}
}
