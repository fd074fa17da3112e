package doc

import "runtime/debug"

func wrongStart() {
	debug.SetGCPercent(-1) // want `debug.SetGCPercent\(-1\) switches the collector off for the whole program`
	serve()
}

func serve() {}
