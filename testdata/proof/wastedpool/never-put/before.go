//go:build ignore

// proof: allocs

package main

import "sync"

type item struct{ data [512]byte }

var items = sync.Pool{New: func() any { return new(item) }}

var sink byte

func run() {
	it := items.Get().(*item)
	it.data[0]++
	sink += it.data[0]
}

func main() { run() }
