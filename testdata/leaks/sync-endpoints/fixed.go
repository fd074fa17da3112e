//go:build ignore

// The leader is asked for before the lock is taken.

package main

import (
	"context"
	"sync"
)

type doer interface {
	Do(ctx context.Context, path string) string
}

type membersAPI interface {
	Leader(ctx context.Context) string
}

type httpMembers struct{ client doer }

func (m *httpMembers) Leader(ctx context.Context) string { return m.client.Do(ctx, "/leader") }

func newMembers(c doer) membersAPI { return &httpMembers{client: c} }

type selection int

const (
	anyMember selection = iota
	preferLeader
)

type clusterClient struct {
	sync.RWMutex
	mode      selection
	endpoints []string
	pinned    string
}

func (c *clusterClient) Do(ctx context.Context, path string) string {
	c.RLock()
	defer c.RUnlock()
	if len(c.endpoints) == 0 {
		return ""
	}
	return c.endpoints[0] + path
}

func (c *clusterClient) pick(ctx context.Context, eps []string) string {
	switch c.mode {
	case preferLeader:
		return newMembers(c).Leader(ctx)
	default:
		return eps[0]
	}
}

// Sync takes over the members of the cluster.
func (c *clusterClient) Sync(ctx context.Context, eps []string) {
	pinned := c.pick(ctx, eps)
	c.Lock()
	defer c.Unlock()
	c.pinned, c.endpoints = pinned, eps
}

func run() {
	c := &clusterClient{mode: preferLeader, endpoints: []string{"http://a"}}
	c.Sync(context.Background(), []string{"http://a", "http://b"})
}
