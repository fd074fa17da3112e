//go:build ignore

// proof: bytes

package main

var blocks = make([][]byte, 100)
var n int

func run() {
	var table [200 << 10]byte
	for _, b := range blocks {
		clear(table[:])
		n += copy(table[:], b)
	}
}

func main() {
	for range 3 {
		run()
	}
}
