package off

import "runtime/debug"

const never = -1

type Server struct{ done chan bool }

func (s *Server) Run() {
	debug.SetGCPercent(never) // want `debug.SetGCPercent\(-1\) switches the collector off for the whole program, and nothing here sets a memory limit: the heap grows until the process is killed; set debug.SetMemoryLimit or GOMEMLIMIT as well`
	<-s.done
}

func Fast() {
	percent := -100
	_ = debug.SetGCPercent(percent) // want `debug.SetGCPercent\(-100\) switches the collector off`
	debug.SetMemoryLimit(-1)        // only asks
}

// Off is for those who know.
func Off() {
	debug.SetGCPercent(-1)
}

func Build(f func()) {
	old := debug.SetGCPercent(-1)
	defer debug.SetGCPercent(old)
	f()
}

func BuildShort(f func()) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	f()
}
