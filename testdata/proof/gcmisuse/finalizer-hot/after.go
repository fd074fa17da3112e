//go:build ignore

// proof: allocs

package main

type handle struct{ fd, n int }

func (h *handle) read()  { h.n++ }
func (h *handle) close() { h.fd = 0 }

func readAll(fds []int) {
	for _, fd := range fds {
		h := handle{fd: fd}
		h.read()
		h.close()
	}
}

func run() { readAll(make([]int, 100)) }
