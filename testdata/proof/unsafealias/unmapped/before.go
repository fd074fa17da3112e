//go:build ignore

// proof: behaviour

package main

import (
	"os"
	"runtime/debug"
	"syscall"
)

func header(fd int) ([]byte, error) {
	data, err := syscall.Mmap(fd, 0, 4096, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	defer syscall.Munmap(data)
	return data[:16], nil
}

func run() (result string) {
	f, err := os.CreateTemp("", "header")
	if err != nil {
		return err.Error()
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := f.Truncate(4096); err != nil {
		return err.Error()
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil {
			result = "bad: a fault, which is fatal unless somebody asks for a panic"
		}
	}()
	h, err := header(int(f.Fd()))
	if err != nil || h[0] != 0 {
		return "wrong"
	}
	return "ok"
}
