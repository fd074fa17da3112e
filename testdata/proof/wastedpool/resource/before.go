//go:build ignore

// proof: behaviour

package main

import (
	"os"
	"runtime"
	"sync"
)

var files sync.Pool

func take(dir string) (*os.File, error) {
	if f, ok := files.Get().(*os.File); ok {
		return f, nil
	}
	return os.CreateTemp(dir, "")
}

func give(f *os.File) { files.Put(f) }

func run() string {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return "bad: " + err.Error()
	}
	defer os.RemoveAll(dir)
	a, err := take(dir)
	if err != nil {
		return "bad: " + err.Error()
	}
	give(a)
	runtime.GC()
	runtime.GC()
	b, err := take(dir)
	if err != nil {
		return "bad: " + err.Error()
	}
	defer b.Close()
	if a != b {
		defer a.Close()
		return "bad: the pool lost an open file, and another one was opened"
	}
	return "ok"
}

func main() { println(run()) }
