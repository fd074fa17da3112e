package exits

import (
	"context"
	"net"
	"time"
)

// What is told to go on for ever does.
type vault struct{ n int }

func NewVault() *vault {
	v := new(vault)
	go v.refresh(context.Background())
	return v
}

func (v *vault) refresh(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			v.n++
		}
	}
}

// So does what the constructor of its owner tells.
type backlog[T any] chan<- T

func newBacklog[T any](ctx context.Context, do func(context.Context, T)) backlog[T] {
	waiting := make(chan T, 100)
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Second):
				select {
				case item := <-waiting:
					do(ctx, item)
				default:
				}
			}
		}
	}()
	return waiting
}

type archive struct{ names backlog[string] }

func NewArchive() *archive {
	a := new(archive)
	a.names = newBacklog(context.TODO(), a.keep)
	return a
}

func (a *archive) keep(context.Context, string) {}

// One for every client is too many.
func acceptVaults(l net.Listener) {
	for {
		if _, err := l.Accept(); err != nil {
			return
		}
		go new(vault).refresh(context.Background()) // want `this goroutine never ends: it waits for the end of a context at line \d+ that nothing cancels`
	}
}

func acceptBacklogs(l net.Listener) {
	for {
		if _, err := l.Accept(); err != nil {
			return
		}
		poll(context.Background(), new(vault))
	}
}

func poll(ctx context.Context, v *vault) {
	go func() { // want `this goroutine never ends: it waits for the end of a context at line \d+ that nothing cancels`
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Second):
				v.n++
			}
		}
	}()
}
