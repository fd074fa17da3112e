//go:build ignore

// proof: behaviour

package main

import "runtime"

// where is too large to be inlined, whatever stands above it.
//
//go:inline
func where(pcs []uintptr, values ...int) (n int) {
	for i, v := range values {
		switch {
		case v > 9:
			n += len(values[i:]) * v
		case v > 5:
			n -= len(values[:i]) / v
		default:
			n ^= v
		}
		for j := range values[i:] {
			n += max(i, j, v) + min(i, j, v)
		}
	}
	return runtime.Callers(1, pcs) + n*0
}

func run() string {
	pcs := make([]uintptr, 8)
	if !inlined(pcs[:where(pcs, 1, 2, 3)]) {
		return "bad: where is called in spite of its directive"
	}
	return "ok"
}

// inlined reports whether f is part of the code of its caller.
func inlined(pcs []uintptr) bool {
	frames := runtime.CallersFrames(pcs)
	frame, _ := frames.Next()
	return frame.Func == nil
}
