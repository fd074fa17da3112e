package a

import (
	"context"
	"net/http"
)

// Defects: a goroutine that waits for what nobody does, and a function that goes on with other
// things behind it.
type relay struct {
	stop chan struct{}
	sink interface{ Run(stop <-chan struct{}) }
}

func newRelay(sink interface{ Run(stop <-chan struct{}) }) *relay {
	return &relay{make(chan struct{}), sink}
}

func (r *relay) Start() {
	r.sink.Run(r.stop)
	go r.Watch()
}

func (r *relay) Watch() {
	go compute()
	<-r.stop // want `this receive blocks forever: nothing sends to r.stop or closes it`
}

type pump struct {
	stop chan struct{}
	sink interface{ Run(stop <-chan struct{}) }
}

func newPump(sink interface{ Run(stop <-chan struct{}) }) *pump {
	return &pump{make(chan struct{}), sink}
}

func (p *pump) Drain() int {
	p.sink.Run(p.stop)
	go compute()
	<-p.stop // want `this receive blocks forever: nothing sends to p.stop or closes it`
	return compute()
}

// Who can end the servers leaves those that come back later.
func serveEach(ctx context.Context, servers []*http.Server) error {
	failed := make(chan error)
	for _, s := range servers {
		go func() {
			failed <- s.ListenAndServe() // want `of the goroutines started at line \d+, all but 1 block forever at this send`
		}()
	}
	context.AfterFunc(ctx, func() {
		for _, s := range servers {
			s.Close()
		}
	})
	return <-failed
}
