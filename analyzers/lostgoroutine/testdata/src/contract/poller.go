package contract

import (
	"context"

	"life"
)

func firstChange(path string) int {
	p := life.NewPoller(path) // want `NewPoller starts a goroutine that ends only after Stop: firstChange returns at line \d+ without calling it, and nobody else can`
	return <-p.C
}

func firstOf(ctx context.Context, path string) (int, error) {
	p := life.MustPoller(path) // want `MustPoller starts a goroutine that ends only after Stop: firstOf returns at line \d+ without calling it, and nobody else can`
	select {
	case n := <-p.C:
		p.Stop()
		return n, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func openedFirst(path string) (int, error) {
	p, err := life.OpenPoller(path) // want `OpenPoller starts a goroutine that ends only after Stop: openedFirst returns at line \d+ without calling it, and nobody else can`
	if err != nil {
		return 0, err
	}
	return <-p.C, nil
}

func fedOnce(ctx context.Context) []byte {
	f := life.NewFeeder(ctx) // want `NewFeeder starts a goroutine that ends only after Close: fedOnce returns at line \d+ without calling it, and nobody else can`
	return f.Next()
}

func firstOfWell(ctx context.Context, path string) (int, error) {
	p := life.NewPoller(path)
	context.AfterFunc(ctx, p.Stop)
	select {
	case n := <-p.C:
		p.Stop()
		return n, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func fedWell(ctx context.Context) []byte {
	f := life.NewFeeder(ctx)
	defer f.Close()
	return f.Next()
}

// Whoever has the channel can end it.
func shutBy(others chan<- chan struct{}) {
	v := life.NewValve()
	others <- v.Shut
}
