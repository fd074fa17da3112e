// Package contract uses what another package leaves to its callers.
package contract

import (
	"context"
	"errors"
	"time"

	"life"
)

func early(name string) error {
	w := life.New() // want `New starts a goroutine that ends only after Stop: early returns at line \d+ without calling it, and nobody else can`
	w.Add(1)
	if name == "" {
		return errors.New("no name")
	}
	w.Stop()
	return nil
}

func opened(name string) error {
	w, err := life.Open(name) // want `Open starts a goroutine that ends only after Stop: opened returns at line \d+ without calling it, and nobody else can`
	if err != nil {
		return err
	}
	w.Add(1)
	return nil
}

func dropped() {
	life.Watch(context.Background()) // want `Watch starts a goroutine that ends only after Close: dropped returns without calling it, and nobody else can`
}

func constructor(name string) (*life.Worker, error) { // want constructor:`starts a goroutine that Stop of 0 ends`
	w := life.New() // want `New starts a goroutine that ends only after Stop: constructor returns at line \d+ without calling it, and nobody else can`
	if name == "" {
		return nil, errors.New("no name")
	}
	return w, nil
}

// The context of the caller may end it.
func passed(ctx context.Context) { life.Watch(ctx) }

func registered() { life.Registered() }

func deferred(name string) error {
	w := life.New()
	defer w.Stop()
	if name == "" {
		return errors.New("no name")
	}
	return nil
}

func openDeferred(name string) error {
	w, err := life.Open(name)
	if err != nil {
		return err
	}
	defer w.Stop()
	w.Add(1)
	return nil
}

func inClosure() {
	w := life.New()
	defer func() { w.Stop() }()
	w.Add(1)
}

type owner struct {
	w     *life.Worker
	clean []func()
}

func (o *owner) stored() { o.w = life.New() }

func (o *owner) cleanup() {
	w := life.New()
	o.clean = append(o.clean, w.Stop)
}

func later() {
	w := life.New()
	time.AfterFunc(time.Minute, w.Stop)
}

func other(done <-chan bool) {
	w := life.New()
	go func() {
		<-done
		w.Stop()
	}()
}

func handedOn(stop func(interface{ Stop() })) {
	w := life.New()
	stop(w)
}

func forEver() {
	w := life.New()
	for {
		w.Add(1)
	}
}

func nilChecked(name string) {
	w, err := life.Open(name)
	if w == nil || err != nil {
		return
	}
	w.Stop()
}

func namedError(name string) (err error) {
	defer func() {
		if err != nil {
			err = errors.New(name)
		}
	}()
	w, err := life.Open(name)
	if err != nil {
		return err
	}
	w.Stop()
	return nil
}

func serve() error {
	life.Serve(1) // want `the channel that Serve returns is thrown away: the goroutine that sends to it blocks forever`
	life.Later(1)
	return <-life.Serve(2)
}

func Served() error { return serve() }
