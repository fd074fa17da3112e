//go:build ignore

// proof: bytes

package main

var blocks = make([][]byte, 100)
var n int

func run() {
	for _, b := range blocks {
		var table [200 << 10]byte
		n += copy(table[:], b)
	}
}

func main() {
	for range 3 {
		run()
	}
}
