package cancels

import (
	"context"
	"sync"
	"time"
)

type called struct{ cancel context.CancelFunc }

func (c *called) start(ctx context.Context) { ctx, c.cancel = context.WithCancel(ctx); go work(ctx) }
func (c *called) Close()                    { c.cancel() }

type deferredCall struct{ cancel context.CancelFunc }

func (c *deferredCall) run(ctx context.Context) {
	ctx, c.cancel = context.WithCancel(ctx)
	defer c.cancel()
	work(ctx)
}

type passed struct{ cancel context.CancelFunc }

func (p *passed) start(ctx context.Context) {
	ctx, p.cancel = context.WithCancel(ctx)
	time.AfterFunc(time.Second, p.cancel)
	go work(ctx)
}

type given struct{ cancel context.CancelFunc }

func (g *given) start(ctx context.Context) { ctx, g.cancel = context.WithCancel(ctx); go work(ctx) }
func (g *given) Stopper() func()           { return g.cancel }

type Exported struct{ Cancel context.CancelFunc }

func newExported(ctx context.Context) *Exported {
	ctx, cancel := context.WithCancel(ctx)
	go work(ctx)
	return &Exported{Cancel: cancel}
}

type both struct{ cancel context.CancelFunc }

func (b *both) once(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	b.cancel = cancel
	work(ctx)
}

type first struct{ cancel context.CancelFunc }

type second struct{ cancel context.CancelFunc }

func converted(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	f := first{cancel: cancel}
	go work(ctx)
	second(f).cancel()
}

type embedded struct{ *called }

func (e embedded) stop() { e.cancel() }

type inner struct{ stop context.CancelFunc }

type holder struct{ in inner }

func (h *holder) start(ctx context.Context) { ctx, h.in.stop = context.WithCancel(ctx); go work(ctx) }
func (h *holder) end()                      { h.in.stop() }

type byFunc struct{ stop context.CancelFunc }

func register(f func()) {}

func (b *byFunc) start(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	b.stop = cancel
	register(cancel)
	go work(ctx)
}

func inLiteral(ctx context.Context, n int) {
	for range n {
		func() {
			ctx, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			work(ctx)
		}()
	}
}

func inGoroutine(ctx context.Context, n int) {
	for range n {
		go func() {
			ctx, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			work(ctx)
		}()
	}
}

func leaves(ctx context.Context, xs []int) error {
	for _, x := range xs {
		if x == 0 {
			continue
		}
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		return work(ctx)
	}
	return nil
}

func thrice(ctx context.Context) (err error) {
	for i := 0; i < 3; i++ {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if err = work(ctx); err == nil {
			return nil
		}
	}
	return err
}

func twice(ctx context.Context) {
	for range 2 {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		work(ctx)
	}
}

func perLoop(ctx context.Context, n int) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for range n {
		work(ctx)
	}
}

type watcher interface {
	Watch(context.Context) (<-chan int, error)
}

// lives needs all contexts until it returns.
func lives(ctx context.Context, ws []watcher) {
	var chans []<-chan int
	for _, w := range ws {
		c, cancel := context.WithCancel(ctx)
		defer cancel()
		if ch, err := w.Watch(c); err == nil {
			chans = append(chans, ch)
		}
	}
	for _, ch := range chans {
		<-ch
	}
}

func together(ctx context.Context, n int) {
	for range n {
		c, cancel := context.WithCancel(ctx)
		defer cancel()
		go work(c)
	}
	time.Sleep(time.Second)
}

// carried goes on with the context of the iteration before.
func carried(ctx context.Context, fresh []bool) {
	outer := ctx
	for _, f := range fresh {
		if f {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(outer, time.Second)
			defer cancel()
		}
		work(ctx)
	}
}

func literals(ctx context.Context) {
	for range []string{"a", "b"} {
		c, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		work(c)
	}
}

func retry(ctx context.Context) error {
	for {
		c, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if err := work(c); err == nil {
			return nil
		}
	}
}

func waitedFor(ctx context.Context, n int) {
	var wg sync.WaitGroup
	for range n {
		c, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		wg.Add(1)
		go func() {
			defer wg.Done()
			work(c)
		}()
	}
	wg.Wait()
}
