//go:build ignore

// The checker returns the first error, and the workers wait to hand over the rest.
//
// leak: lostgoroutine abandoned-send: reported

package main

import (
	"errors"
	"strings"
	"sync"
)

type file struct{ name, sum string }

type outcome struct {
	file file
	err  error
}

func verify(f file) error {
	if !strings.HasPrefix(f.sum, "sha256:") {
		return errors.New(f.name + ": no checksum")
	}
	return nil
}

type checker struct{ workers int }

func (c *checker) start(files []file) <-chan outcome {
	todo := make(chan file)
	results := make(chan outcome)
	var running sync.WaitGroup
	for range c.workers {
		running.Add(1)
		go func() {
			defer running.Done()
			for f := range todo {
				results <- outcome{f, verify(f)}
			}
		}()
	}
	go func() {
		for _, f := range files {
			todo <- f
		}
		close(todo)
		running.Wait()
		close(results)
	}()
	return results
}

func (c *checker) Check(files []file) error {
	for r := range c.start(files) {
		if r.err != nil {
			return r.err
		}
	}
	return nil
}

func run() {
	c := &checker{workers: 2}
	c.Check([]file{{"a", "sha256:1"}, {"b", ""}, {"c", ""}, {"d", "sha256:4"}, {"e", ""}})
}
