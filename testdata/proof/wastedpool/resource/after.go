//go:build ignore

// proof: behaviour

package main

import (
	"os"
	"runtime"
)

var files = make(chan *os.File, 4)

func take(dir string) (*os.File, error) {
	select {
	case f := <-files:
		return f, nil
	default:
		return os.CreateTemp(dir, "")
	}
}

func give(f *os.File) {
	select {
	case files <- f:
	default:
		f.Close()
	}
}

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
