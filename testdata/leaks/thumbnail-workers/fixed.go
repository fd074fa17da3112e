//go:build ignore

// The jobs are closed when the last one is handed out.

package main

import (
	"fmt"
	"sync/atomic"
)

type picture struct {
	path  string
	width int
}

// A resizer makes thumbnails on a few workers.
type resizer struct {
	workers int
	written atomic.Int64
}

func (r *resizer) scale(p picture) error {
	if p.width <= 0 {
		return fmt.Errorf("%s: no width", p.path)
	}
	r.written.Add(1)
	return nil
}

// ScaleAll returns the error of each picture, in no order.
func (r *resizer) ScaleAll(pictures []picture) []error {
	jobs := make(chan picture)
	errs := make(chan error, len(pictures))
	for range r.workers {
		go func() {
			for p := range jobs {
				errs <- r.scale(p)
			}
		}()
	}
	for _, p := range pictures {
		jobs <- p
	}
	close(jobs)
	all := make([]error, 0, len(pictures))
	for range pictures {
		all = append(all, <-errs)
	}
	return all
}

func run() {
	r := &resizer{workers: 3}
	r.ScaleAll([]picture{{"a.jpg", 10}, {"b.jpg", 0}, {"c.jpg", 30}})
}
