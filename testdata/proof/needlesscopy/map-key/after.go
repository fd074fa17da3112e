//go:build ignore

// proof: allocs -all

package main

var names = make([]string, 100)
var n int

func init() {
	for i := range names {
		names[i] = "a name that is longer than 32 bytes, if need be"
	}
}

var m = make(map[[2]string]int)

func run() {
	for _, name := range names {
		n += m[[2]string{name, name}]
	}
}

func main() {
	for range 3 {
		run()
	}
}
