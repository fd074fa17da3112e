//go:build ignore

// A caller whose context ends does not wait for the reply, and the loop that
// writes batches for all callers stays at it.
//
// leak: lostgoroutine abandoned-send: reported

package main

import (
	"context"
	"time"
)

type entry struct {
	key   string
	reply chan error
}

type store struct {
	entries chan entry
	quit    chan struct{}
	rows    map[string]int
}

func open() *store {
	s := &store{entries: make(chan entry), quit: make(chan struct{}), rows: make(map[string]int)}
	go s.loop()
	return s
}

func (s *store) loop() {
	for {
		select {
		case e := <-s.entries:
			time.Sleep(time.Millisecond)
			s.rows[e.key]++
			e.reply <- nil
		case <-s.quit:
			return
		}
	}
}

// Put writes a key, and waits until that is done or the context ends.
func (s *store) Put(ctx context.Context, key string) error {
	e := entry{key, make(chan error)}
	select {
	case s.entries <- e:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-e.reply:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *store) Close() { close(s.quit) }

func run() {
	s := open()
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Microsecond)
	defer cancel()
	s.Put(context.Background(), "a")
	s.Put(ctx, "b")
	s.Close()
}
