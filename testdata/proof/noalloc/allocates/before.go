//go:build ignore

// proof: allocs

package main

type gauge struct {
	text  string
	last  string
	count int
}

//heapvet:noalloc
func (g *gauge) set(key []byte) {
	g.store(key)
}

//go:noinline
func (g *gauge) store(key []byte) {
	if name := string(key); name != g.last {
		g.last = name
	}
}

var (
	g    gauge
	keys = [][]byte{[]byte("one"), []byte("two")}
)

func run() {
	for i := range 100 {
		g.set(keys[i%2])
	}
}

func main() {
	for range 3 {
		run()
	}
}
