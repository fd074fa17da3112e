//go:build ignore

// proof: behaviour retained

package main

import (
	"runtime"
	"sync"
	"weak"
)

type item struct{ body []byte }

type batch struct{ items []*item }

var batches = sync.Pool{New: func() any { return new(batch) }}

func (b *batch) release() {
	clear(b.items)
	b.items = b.items[:0]
	batches.Put(b)
}

// send returns one of the items that it has sent.
func send() weak.Pointer[item] {
	b := batches.Get().(*batch)
	for range 64 {
		b.items = append(b.items, &item{body: make([]byte, 1<<20)})
	}
	w := weak.Make(b.items[len(b.items)-1])
	b.release()
	return w
}

func run() string {
	sent := send()
	runtime.GC()
	if sent.Value() != nil {
		return "bad: 64 MiB of sent items are still reachable from the pool"
	}
	return "ok"
}

func main() { println(run()) }
