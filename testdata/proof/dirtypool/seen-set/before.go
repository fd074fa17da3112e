//go:build ignore

// proof: behaviour no-reset

package main

import (
	"fmt"
	"sync"
)

var sets = sync.Pool{New: func() any { return make(map[string]struct{}) }}

// distinct counts the different words.
func distinct(words []string) (n int) {
	seen := sets.Get().(map[string]struct{})
	defer sets.Put(seen)
	for _, w := range words {
		if _, ok := seen[w]; ok {
			continue
		}
		seen[w] = struct{}{}
		n++
	}
	return n
}

func run() string {
	// A pool may drop an object: ask often enough.
	for range 100 {
		if n := distinct([]string{"a", "b", "a"}); n != 2 {
			return fmt.Sprintf("bad: %d of 2 words counted", n)
		}
	}
	return "ok"
}

func main() { println(run()) }
