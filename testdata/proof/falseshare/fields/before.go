//go:build ignore

// proof: behaviour

package main

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

type pipe struct {
	read atomic.Int64

	written atomic.Int64
}

func (p *pipe) work(in []byte) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for range in {
			p.read.Add(1)
		}
	})
	wg.Go(func() {
		for range in {
			p.written.Add(1)
		}
	})
	wg.Wait()
}

func run() string {
	p := new(pipe)
	p.work(make([]byte, 100))
	if uintptr(unsafe.Pointer(&p.written))-uintptr(unsafe.Pointer(&p.read)) < 64 {
		return "bad: two cores write to one cache line"
	}
	return "ok"
}
