//go:build ignore

// proof: behaviour

package main

import "runtime"

/*go:noinline*/
func where(pcs []uintptr) int { return runtime.Callers(1, pcs) }

func run() string {
	pcs := make([]uintptr, 8)
	if inlined(pcs[:where(pcs)]) {
		return "bad: where is inlined"
	}
	return "ok"
}

// inlined reports whether f is part of the code of its caller.
func inlined(pcs []uintptr) bool {
	frames := runtime.CallersFrames(pcs)
	frame, _ := frames.Next()
	return frame.Func == nil
}
