//go:build ignore

// Success and failure are both told.

package main

import (
	"errors"
	"sync"
	"time"
)

type manifest struct{ implements []string }

type plugin struct {
	addr     string
	active   *sync.Cond
	err      error
	manifest *manifest
}

func newPlugin(addr string) *plugin {
	return &plugin{addr: addr, active: sync.NewCond(&sync.Mutex{})}
}

func (p *plugin) handshake() (*manifest, error) {
	time.Sleep(time.Millisecond)
	if p.addr == "" {
		return nil, errors.New("nobody listens")
	}
	return &manifest{implements: []string{"volumes"}}, nil
}

func (p *plugin) activate() error {
	m, err := p.handshake()
	p.active.L.Lock()
	defer p.active.L.Unlock()
	defer p.active.Broadcast()
	if err != nil {
		p.err = err
		return err
	}
	p.manifest = m
	return nil
}

func (p *plugin) activated() bool {
	return p.manifest != nil || p.err != nil
}

func (p *plugin) waitActive() error {
	p.active.L.Lock()
	defer p.active.L.Unlock()
	for !p.activated() {
		p.active.Wait()
	}
	return p.err
}

func use(p *plugin) error {
	go p.activate()
	done := make(chan error, 1)
	go func() { done <- p.waitActive() }()
	return <-done
}

func run() {
	use(newPlugin("a.sock"))
	go use(newPlugin(""))
}
