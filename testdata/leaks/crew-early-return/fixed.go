//go:build ignore

// The workers end however the function returns.

package main

import "errors"

var errEmpty = errors.New("empty job")

type crew struct {
	jobs chan string
	quit chan struct{}
	size int
}

func newCrew(size int) *crew {
	return &crew{jobs: make(chan string), quit: make(chan struct{}), size: size}
}

func (c *crew) start() *crew {
	for range c.size {
		go c.work()
	}
	return c
}

func (c *crew) work() {
	for {
		select {
		case <-c.jobs:
		case <-c.quit:
			return
		}
	}
}

func (c *crew) do(job string) error {
	if job == "" {
		return errEmpty
	}
	c.jobs <- job
	return nil
}

func (c *crew) stop() { close(c.quit) }

func all(jobs []string) error {
	c := newCrew(3).start()
	defer c.stop()
	for _, job := range jobs {
		if err := c.do(job); err != nil {
			return err
		}
	}
	return nil
}

func run() {
	_ = all([]string{"a", "", "b"})
}
