//go:build ignore

// The first file that can not be read ends the search, while the workers and the
// one who finds files for them go on to send.
//
// leak: lostgoroutine abandoned-send: reported

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
func (t *tree) Total(workers int) (int, error) {
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
	total := 0
	for h := range hits {
		if h.err != nil {
			return 0, h.err
		}
		total += h.n
	}
	return total, nil
}

func run() {
	t := &tree{files: make(map[string]string)}
	for i := range 20 {
		t.files[fmt.Sprint(i)] = ""
	}
	t.Total(3)
}
