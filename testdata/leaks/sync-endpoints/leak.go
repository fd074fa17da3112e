//go:build ignore

// Sync holds the lock of the cluster client while it asks for the leader, which
// goes through the members API back to the client and its read lock.
//
// leak: stucklock double-lock: reported with -all

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

func (c *clusterClient) setEndpoints(ctx context.Context, eps []string) {
	switch c.mode {
	case preferLeader:
		c.pinned = newMembers(c).Leader(ctx)
	default:
		c.pinned = eps[0]
	}
	c.endpoints = eps
}

// Sync takes over the members of the cluster.
func (c *clusterClient) Sync(ctx context.Context, eps []string) {
	c.Lock()
	defer c.Unlock()
	c.setEndpoints(ctx, eps)
}

func run() {
	c := &clusterClient{mode: preferLeader, endpoints: []string{"http://a"}}
	c.Sync(context.Background(), []string{"http://a", "http://b"})
}
