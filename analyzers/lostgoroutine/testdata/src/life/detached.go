package life

import (
	"context"
	"time"
)

// Detached returns a context without the caller's end.
func Detached(ctx context.Context) (context.Context, context.CancelFunc) { // want Detached:`returns a context that result 1 ends`
	return context.WithCancel(context.WithoutCancel(ctx))
}

// Derived ends with the caller's, too.
func Derived(ctx context.Context, name string) (context.CancelFunc, context.Context) { // want Derived:`returns a context that result 0 ends`
	ctx, cancel := context.WithCancel(ctx)
	return cancel, ctx
}

// Registered can be ended by others.
func (w *Worker) Registered() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	w.cancels = append(w.cancels, cancel)
	return ctx, cancel
}

// Limited ends by itself.
func Limited(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), time.Second)
}

// An Agent is started by its user.
type Agent struct {
	name string
	quit chan struct{}
	tell func()
}

func NewAgent(name string, tell func()) *Agent { // want NewAgent:`makes an object for its caller`
	return &Agent{name: name, quit: make(chan struct{}), tell: tell}
}

// known are agents that others may stop.
var known []*Agent

func KnownAgent(tell func()) *Agent {
	a := &Agent{quit: make(chan struct{}), tell: tell}
	known = append(known, a)
	return a
}

func (a *Agent) Start() { go a.run() } // want Start:`starts a goroutine that Stop of -1 ends`

func (a *Agent) run() {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			a.tell()
		case <-a.quit:
			return
		}
	}
}

func (a *Agent) Name() string { return a.name }

func (a *Agent) Stop() { close(a.quit) }
