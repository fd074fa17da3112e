//go:build ignore

// All results are taken; the first error is remembered.

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
	var first error
	for r := range c.start(files) {
		if r.err != nil && first == nil {
			first = r.err
		}
	}
	return first
}

func run() {
	c := &checker{workers: 2}
	c.Check([]file{{"a", "sha256:1"}, {"b", ""}, {"c", ""}, {"d", "sha256:4"}, {"e", ""}})
}
