//go:build ignore

// proof: behaviour mmap

package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

func first(f *os.File, n int) (byte, error) {
	b, err := syscall.Mmap(int(f.Fd()), 0, n, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return 0, err
	}
	if b[0] == 0 {
		return 0, errors.New("no data")
	}
	first := b[0]
	return first, syscall.Munmap(b)
}

// mapped counts how often the file is mapped.
func mapped(name string) int {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		panic(err)
	}
	return strings.Count(string(maps), name)
}

func run() string {
	f, err := os.CreateTemp("", "proof")
	if err != nil {
		return "bad: " + err.Error()
	}
	defer os.Remove(f.Name())
	defer f.Close()
	f.Truncate(4096)
	for range 5 {
		first(f, 4096)
	}
	if n := mapped(f.Name()); n > 0 {
		return fmt.Sprintf("bad: the file is still mapped %d times", n)
	}
	return "ok"
}
