//go:build ignore

// proof: allocs -all

package main

type server struct{ n int }

func (s *server) handle(x int) { s.n += x }

//go:noinline
func call(f func(int), x int) { last = f; f(x) }

var last func(int)

func run() { each(&server{}) }
func each(s *server) {
	handle := s.handle
	for x := range 100 {
		call(handle, x)
	}
}

func main() {
	for range 3 {
		run()
	}
}
