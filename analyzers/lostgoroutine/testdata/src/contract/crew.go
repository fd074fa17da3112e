package contract

import (
	"context"
	"errors"
	"sync"
)

// A crew is as many goroutines as one asks for, and each of them ends with it.
type crew[T any] struct {
	tasks chan T
	gone  chan struct{}
	fewer chan struct{}
	once  sync.Once
	mu    sync.Mutex
	size  int
}

func newCrew[T any](size int) *crew[T] {
	return &crew[T]{tasks: make(chan T), gone: make(chan struct{}), fewer: make(chan struct{}), size: size}
}

func (c *crew[T]) Board() *crew[T] { // want Board:`starts a goroutine that Leave of -1 ends`
	for range c.size {
		go c.sail()
	}
	return c
}

func (c *crew[T]) Hire(n int) { // want Hire:`starts a goroutine that Leave of -1 ends`
	for c.size < n {
		c.add()
	}
}

func (c *crew[T]) add() { // want add:`starts a goroutine that Leave of -1 ends`
	c.size++
	go c.sail()
}

func (c *crew[T]) sail() {
	for {
		select {
		case <-c.tasks:
		case <-c.fewer:
			return
		case <-c.gone:
			return
		}
	}
}

func (c *crew[T]) Fire() { c.fewer <- struct{}{} }

func (c *crew[T]) Leave() { c.once.Do(func() { close(c.gone) }) }

func (c *crew[T]) Do(t T) error {
	select {
	case c.tasks <- t:
		return nil
	case <-c.gone:
		return errors.New("nobody is there")
	}
}

func voyage(ports []string) error {
	c := newCrew[string](3).Board() // want `Board starts a goroutine that ends only after Leave: voyage returns at line \d+ without calling it, and nobody else can`
	for _, p := range ports {
		if err := c.Do(p); err != nil {
			return err
		}
	}
	c.Leave()
	return nil
}

func journey(ports []string) error {
	c := newCrew[string](0)
	c.Hire(4) // want `Hire starts a goroutine that ends only after Leave: journey returns at line \d+ without calling it, and nobody else can`
	for _, p := range ports {
		if err := c.Do(p); err != nil {
			return err
		}
	}
	c.Leave()
	return nil
}

// What Board returns is the crew itself.
func cruise(ports []string) error {
	c := newCrew[string](3).Board()
	defer c.Leave()
	for _, p := range ports {
		if err := c.Do(p); err != nil {
			return err
		}
	}
	return nil
}

// The end of the context is the end of the crew.
func (c *crew[T]) BoardUntil(ctx context.Context) {
	c.Board()
	context.AfterFunc(ctx, c.Leave)
}

func regatta(ctx context.Context, ports []string) error {
	c := newCrew[string](3)
	c.BoardUntil(ctx)
	for _, p := range ports {
		if err := c.Do(p); err != nil {
			return err
		}
	}
	c.Leave()
	return nil
}

// One method starts them by another one, and returns its receiver.
func (c *crew[T]) Muster() *crew[T] { // want Muster:`starts a goroutine that Leave of -1 ends`
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.size < 4 {
		c.add()
	}
	return c
}

func trip(ports []string) error {
	c := newCrew[string](0).Muster() // want `Muster starts a goroutine that ends only after Leave: trip returns at line \d+ without calling it, and nobody else can`
	for _, p := range ports {
		if err := c.Do(p); err != nil {
			return err
		}
	}
	c.Leave()
	return nil
}
