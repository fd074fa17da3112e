//go:build ignore

// proof: retained

package main

import "runtime"

type handle struct {
	fd  int
	buf [4096]byte
}

func (h *handle) close() {}

func run() {
	h := new(handle)
	runtime.SetFinalizer(h, func(*handle) { h.close() })
}
