package contract

import (
	"context"
	"errors"
	"time"

	"life"
)

func ping(ctx context.Context) {
	for ctx.Err() == nil {
		time.Sleep(time.Second)
	}
}

func attach(ctx context.Context) {
	c, _ := life.Detached(ctx) // want `nobody can end the context of the goroutine started at line \d+: attach throws away the function that Detached returns for it`
	go ping(c)
}

func attachCaptured(ctx context.Context) {
	c, _ := life.Detached(ctx) // want `nobody can end the context of the goroutine started at line \d+: attachCaptured throws away`
	go func() {
		ping(c)
	}()
}

func attachRoot() {
	_, c := life.Derived(context.Background(), "root") // want `nobody can end the context of the goroutine started at line \d+: attachRoot throws away`
	go ping(c)
}

// The caller's context ends it.
func attachDerived(ctx context.Context) {
	_, c := life.Derived(ctx, "derived")
	go ping(c)
}

func attachFor(ctx context.Context) context.CancelFunc {
	c, cancel := life.Detached(ctx)
	go ping(c)
	return cancel
}

func attachRegistered(w *life.Worker) {
	c, _ := w.Registered()
	go ping(c)
}

func attachLimited(ctx context.Context) {
	c, _ := life.Limited(ctx)
	go ping(c)
}

// It is over soon.
func send(ctx context.Context, ch chan<- int) {
	c, _ := life.Detached(ctx)
	go func() {
		select {
		case ch <- 1:
		case <-c.Done():
		}
	}()
}

func withAgent(work func() error) error {
	a := life.NewAgent("a", func() {})
	a.Start() // want `Start starts a goroutine that ends only after Stop: withAgent returns at line \d+ without calling it, and nobody else can`
	if err := work(); err != nil {
		return errors.New(a.Name())
	}
	a.Stop()
	return nil
}

func withAgentWell(work func() error) error {
	a := life.NewAgent("a", func() {})
	a.Start()
	defer a.Stop()
	return work()
}

func withKnown(work func() error) error {
	a := life.KnownAgent(func() {})
	a.Start()
	return work()
}

type keeper struct{ a *life.Agent }

func (k *keeper) start() {
	k.a = life.NewAgent("k", func() {})
	k.a.Start()
}
