//go:build ignore

// proof: allocs

package main

type gauge struct {
	last  [32]byte
	size  int
	count int
}

//heapvet:noalloc
func (g *gauge) set(key []byte) {
	g.store(key)
}

//go:noinline
func (g *gauge) store(key []byte) {
	if string(key) != string(g.last[:g.size]) {
		g.size = copy(g.last[:], key)
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
