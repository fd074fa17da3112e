package exits

import (
	"context"
	"sync"
)

// A visit ends when its guest goes, or with the context of the house.
type Visit struct {
	gone chan struct{}
	once sync.Once
	bill int
}

func (v *Visit) Gone() <-chan struct{} { return v.gone }

func (v *Visit) Leave() { v.once.Do(func() { close(v.gone) }) }

func Receive(ctx context.Context) *Visit {
	v := &Visit{gone: make(chan struct{})}
	go func() {
		<-ctx.Done() // want `this goroutine stays until the context ends, though Leave, which closes gone, has ended by itself what it is for: wait for gone, too, or use context.AfterFunc and stop it there`
		v.Leave()
	}()
	return v
}

// Welcome's goroutine goes with the guest.
func Welcome(ctx context.Context) *Visit {
	v := &Visit{gone: make(chan struct{})}
	go func() {
		select {
		case <-ctx.Done():
			v.Leave()
		case <-v.gone:
		}
	}()
	return v
}

// Lodge ends the context with the visit.
func Lodge(ctx context.Context) (*Visit, context.CancelFunc) { // want Lodge:`starts a goroutine that result 1 ends`
	ctx, cancel := context.WithCancel(ctx)
	v := &Visit{gone: make(chan struct{})}
	go func() {
		<-ctx.Done()
		v.Leave()
	}()
	return v, cancel
}

// Bill only counts when the day is over: nothing else ends what it does.
type Bill struct{ closed, sum int }

func (b *Bill) Close() { b.closed++ }

func Open(ctx context.Context) *Bill {
	b := &Bill{}
	go func() {
		<-ctx.Done()
		b.Close()
	}()
	return b
}
