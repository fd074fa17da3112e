package again

import "runtime/debug"

type Loader struct{}

func (Loader) Begin() { begin() }

func begin() {
	debug.SetGCPercent(-1)
	println()
}

func (Loader) End() {
	debug.SetGCPercent(100)
}
