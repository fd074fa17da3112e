//go:build ignore

// proof: allocs

package main

var words = make([][]byte, 100)

func init() {
	for i := range words {
		words[i] = []byte("a word that is longer than 32 bytes, if need be")
	}
}

var counts = make(map[string]*int)

func run() {
	for _, w := range words {
		if n := counts[string(w)]; n != nil {
			*n++
		} else {
			n := 1
			counts[string(w)] = &n
		}
	}
}

func main() {
	for range 3 {
		run()
	}
}
