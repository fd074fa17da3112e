//go:build ignore

// The watcher of the group waits for the context of the caller, which does not
// end when a member of the group fails.
//
// leak: lostgoroutine contract: reported as lostgoroutine lost-signal

package main

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"
)

type server struct {
	mu     sync.Mutex
	closed chan struct{}
	once   sync.Once
	broken bool
}

func newServer(broken bool) *server { return &server{closed: make(chan struct{}), broken: broken} }

func (s *server) Serve() error {
	if s.broken {
		return errors.New("address in use")
	}
	<-s.closed
	return nil
}

func (s *server) Close() { s.once.Do(func() { close(s.closed) }) }

// serveAll serves until the context ends or one server fails.
func serveAll(ctx context.Context, servers ...*server) error {
	g, _ := errgroup.WithContext(ctx)
	for _, s := range servers {
		g.Go(s.Serve)
		g.Go(func() error {
			<-ctx.Done()
			s.Close()
			return nil
		})
	}
	return g.Wait()
}

func run() {
	go func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		serveAll(ctx, newServer(false), newServer(true))
	}()
}
