//go:build ignore

// proof: retained

package main

import "runtime"

type handle struct {
	fd  int
	buf [4096]byte
}

func closeFile(int) {}

func run() {
	h := new(handle)
	runtime.AddCleanup(h, closeFile, h.fd)
}
