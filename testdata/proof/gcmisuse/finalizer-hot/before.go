//go:build ignore

// proof: allocs

package main

import "runtime"

type handle struct{ fd, n int }

func (h *handle) read()  { h.n++ }
func (h *handle) close() { h.fd = 0 }

func readAll(fds []int) {
	for _, fd := range fds {
		h := &handle{fd: fd}
		runtime.SetFinalizer(h, (*handle).close)
		h.read()
	}
}

func run() { readAll(make([]int, 100)) }
