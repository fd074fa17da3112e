//go:build ignore

// proof: allocs

package main

type handle struct{ open bool }

var handles [64]handle

func open(i int) *handle {
	handles[i].open = true
	return &handles[i]
}

func (h *handle) Close() { h.open = false }

func visit(n int) {
	for i := range n {
		func() {
			h := open(i)
			defer h.Close()
		}()
	}
}

func run() { visit(len(handles)) }
