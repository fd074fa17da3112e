//go:build ignore

// A function starts as many workers as it is told, and forgets them where a job
// can not be handed over.
//
// leak: lostgoroutine contract: reported

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
	for _, job := range jobs {
		if err := c.do(job); err != nil {
			return err
		}
	}
	c.stop()
	return nil
}

func run() {
	_ = all([]string{"a", "", "b"})
}
