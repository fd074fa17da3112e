//go:build ignore

// A dial that fails goes on with the next packet and keeps the lock.
//
// leak: stucklock missing-unlock: reported

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

// Run forwards packets until there are no more.
func (p *proxy) Run(packets <-chan packet) (lost int) {
	for pkt := range packets {
		p.mu.Lock()
		b, ok := p.table[pkt.from]
		if !ok {
			var err error
			b, err = p.dial(pkt.from)
			if err != nil {
				lost++
				continue
			}
			p.table[pkt.from] = b
		}
		p.mu.Unlock()
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
