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

// One for every client is too many.
func acceptVaults(l net.Listener) {
	for {
		if _, err := l.Accept(); err != nil {
			return
		}
		go new(vault).refresh(context.Background()) // want `this goroutine never ends: it waits for the end of a context at line \d+ that nothing cancels`
	}
}
