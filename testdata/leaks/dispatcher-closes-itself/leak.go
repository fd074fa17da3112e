//go:build ignore

// A message handler closes the connection, which waits for the loop that the
// handler runs in.
//
// leak: lostgoroutine partner-exits: reported as lostgoroutine self-wait with -all

package main

import "sync"

type message any

type clusterConfig struct{ folders int }

type model interface{ ClusterConfig(*clusterConfig) }

type connection struct {
	model   model
	inbox   chan message
	stopped chan struct{}
	closed  chan struct{}
	once    sync.Once
}

func newConnection(m model) *connection {
	return &connection{
		model:   m,
		inbox:   make(chan message),
		stopped: make(chan struct{}),
		closed:  make(chan struct{}),
	}
}

func (c *connection) Start() { go c.dispatch() }

func (c *connection) dispatch() {
	defer close(c.stopped)
	for {
		select {
		case msg := <-c.inbox:
			switch msg := msg.(type) {
			case *clusterConfig:
				c.model.ClusterConfig(msg)
			default:
				return
			}
		case <-c.closed:
			return
		}
	}
}

func (c *connection) Close() {
	c.once.Do(func() {
		close(c.closed)
		<-c.stopped
	})
}

type picky struct{ conn *connection }

func (p *picky) ClusterConfig(cfg *clusterConfig) {
	if cfg.folders == 0 {
		p.conn.Close()
	}
}

func run() {
	p := &picky{}
	p.conn = newConnection(p)
	p.conn.Start()
	p.conn.inbox <- &clusterConfig{}
	p.conn.Close()
}
