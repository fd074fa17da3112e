//go:build ignore

// proof: behaviour file

package main

import (
	"fmt"
	"os"
)

func size(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return 0, fmt.Errorf("%s has no size", path)
	}
	return info.Size(), nil
}

// free returns the lowest file descriptor that is free.
func free() uintptr {
	f, err := os.Open(os.TempDir())
	if err != nil {
		panic(err)
	}
	defer f.Close()
	return f.Fd()
}

func run() string {
	before := free()
	for range 10 {
		size(os.TempDir())
	}
	if after := free(); after > before {
		return fmt.Sprintf("bad: %d more file descriptors are in use", after-before)
	}
	return "ok"
}
