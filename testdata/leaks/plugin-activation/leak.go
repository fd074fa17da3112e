//go:build ignore

// An activation that fails wakes nobody, and those who wait for it wait on.
//
// leak: lostgoroutine cond: not reported

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
	if err != nil {
		p.err = err
		return err
	}
	p.manifest = m
	p.active.Broadcast()
	return nil
}

func (p *plugin) activated() bool {
	return p.manifest != nil
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
