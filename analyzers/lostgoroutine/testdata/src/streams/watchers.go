package streams

import (
	"context"
	"time"
)

type gauge struct{ rises chan int }

func NewGauge(levels func() (int, bool)) *gauge {
	g := &gauge{make(chan int)}
	go func() {
		defer close(g.rises)
		for {
			n, ok := levels()
			if !ok {
				return
			}
			g.rises <- n
		}
	}()
	return g
}

// Heights returns the levels of the water until ctx ends.
func (g *gauge) Heights(ctx context.Context, over int) <-chan int { // want Heights:`starts a goroutine that sends to result 0`
	heights := make(chan int)
	go g.pass(ctx, over, heights)
	return heights
}

// Nobody is there to ask what the context is while it sends.
func (g *gauge) pass(ctx context.Context, over int, heights chan<- int) {
	defer close(heights)
	for {
		select {
		case h := <-g.rises:
			if h > over {
				heights <- h // want `this send blocks forever when the caller of Heights ends the context and receives no more: the goroutine asks for that at line 36, but not here`
			}
		case <-ctx.Done():
			return
		}
	}
}

// Looking before the send is not enough.
func Ticks(ctx context.Context, d time.Duration) <-chan time.Time { // want Ticks:`starts a goroutine that sends to result 0`
	ctx, cancel := context.WithTimeout(ctx, time.Hour)
	ticks := make(chan time.Time)
	go func() {
		defer cancel()
		defer close(ticks)
		for {
			select {
			case <-ctx.Done():
				return
			default:
			}
			time.Sleep(d)
			ticks <- time.Now() // want `this send blocks forever when the caller of Ticks ends the context and receives no more: the goroutine asks for that at line 55, but not here`
		}
	}()
	return ticks
}

// One that asks while it sends ends with its caller.
func (g *gauge) HeightsUntil(ctx context.Context) <-chan int {
	heights := make(chan int)
	go func() {
		defer close(heights)
		for {
			select {
			case h := <-g.rises:
				select {
				case heights <- h:
				case <-ctx.Done():
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return heights
}

// Room for what is sent last.
func (g *gauge) Highest(ctx context.Context) <-chan int {
	heights := make(chan int, 1)
	go func() {
		top := 0
		for {
			select {
			case h := <-g.rises:
				top = max(top, h)
			case <-ctx.Done():
				heights <- top
				return
			}
		}
	}()
	return heights
}

// It ends when the gauge does, and who receives has to wait for that.
func (g *gauge) All(ctx context.Context) <-chan int { // want All:`starts a goroutine that sends to result 0`
	heights := make(chan int)
	go func() {
		defer close(heights)
		for h := range g.rises {
			heights <- h
		}
	}()
	return heights
}

// The only one who calls it receives to the end.
func (g *gauge) each(ctx context.Context, do func(int)) {
	for h := range g.Levels(ctx) {
		do(h)
	}
}

func (g *gauge) Levels(ctx context.Context) <-chan int { // want Levels:`starts a goroutine that sends to result 0`
	heights := make(chan int)
	go func() {
		defer close(heights)
		for {
			select {
			case h := <-g.rises:
				heights <- h
			case <-ctx.Done():
				return
			}
		}
	}()
	return heights
}

// Tides tells of each tide, the one of now at once; the goroutine looks at the context between two of them.
func Tides(ctx context.Context, next func(context.Context) (int, error)) (<-chan int, error) {
	now, err := next(ctx)
	if err != nil {
		return nil, err
	}
	tides := make(chan int, 1)
	tides <- now
	go ebb(ctx, next, tides)
	return tides, nil
}

func ebb(ctx context.Context, next func(context.Context) (int, error), tides chan<- int) {
	defer close(tides)
	last := 0
	for ctx.Err() == nil {
		now, err := next(ctx)
		if err != nil {
			return
		}
		if now != last {
			tell(tides, now)
		}
		last = now
	}
}

func tell(tides chan<- int, tide int) {
	tides <- tide // want `this send blocks forever when the caller of Tides ends the context and receives no more: the goroutine asks for that at line \d+, but not here`
}

// NextTide tells of one tide, for which there is room.
func NextTide(ctx context.Context, next func(context.Context) (int, error)) <-chan int {
	tide := make(chan int, 1)
	go func() {
		for ctx.Err() == nil {
			if _, err := next(ctx); err == nil {
				break
			}
		}
		tide <- 1
	}()
	return tide
}
