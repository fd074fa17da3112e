//go:build ignore

// Looking up and dialing is a method of its own, which unlocks.

package main

import (
	"errors"
	"sync"
)

type packet struct {
	from string
	data []byte
}

type backend struct{ received int }

type proxy struct {
	mu    sync.Mutex
	table map[string]*backend
	dial  func(from string) (*backend, error)
}

func (p *proxy) lookup(from string) (*backend, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if b, ok := p.table[from]; ok {
		return b, nil
	}
	b, err := p.dial(from)
	if err == nil {
		p.table[from] = b
	}
	return b, err
}

// Run forwards packets until there are no more.
func (p *proxy) Run(packets <-chan packet) (lost int) {
	for pkt := range packets {
		b, err := p.lookup(pkt.from)
		if err != nil {
			lost++
			continue
		}
		b.received += len(pkt.data)
	}
	return lost
}

func run() {
	p := &proxy{table: make(map[string]*backend)}
	p.dial = func(from string) (*backend, error) {
		if from == "" {
			return nil, errors.New("no address")
		}
		return &backend{}, nil
	}
	packets := make(chan packet, 3)
	for _, from := range []string{"a", "", "a"} {
		packets <- packet{from, []byte("x")}
	}
	close(packets)
	go p.Run(packets)
}
