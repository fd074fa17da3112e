//go:build ignore

// An error is kept, and the rest is received all the same.

package main

import (
	"fmt"
	"sync"
)

type hit struct {
	path string
	n    int
	err  error
}

type tree struct{ files map[string]string }

func (t *tree) walk(paths chan<- string) {
	defer close(paths)
	for p := range t.files {
		paths <- p
	}
}

func (t *tree) count(path string) (int, error) {
	text, ok := t.files[path]
	if !ok || text == "" {
		return 0, fmt.Errorf("%s: can not be read", path)
	}
	return len(text), nil
}

// Total counts the bytes of all files.
func (t *tree) Total(workers int) (total int, err error) {
	paths := make(chan string)
	hits := make(chan hit)
	go t.walk(paths)
	var busy sync.WaitGroup
	for range workers {
		busy.Add(1)
		go func() {
			defer busy.Done()
			for p := range paths {
				n, err := t.count(p)
				hits <- hit{p, n, err}
			}
		}()
	}
	go func() {
		busy.Wait()
		close(hits)
	}()
	for h := range hits {
		if h.err != nil && err == nil {
			err = h.err
		}
		total += h.n
	}
	return total, err
}

func run() {
	t := &tree{files: make(map[string]string)}
	for i := range 20 {
		t.files[fmt.Sprint(i)] = ""
	}
	t.Total(3)
}
