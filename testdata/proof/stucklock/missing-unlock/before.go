//go:build ignore

// proof: leak

package main

import (
	"errors"
	"sync"
)

var errMissing = errors.New("missing")

type cache struct {
	mu    sync.Mutex
	items map[string]string
}

func (c *cache) get(key string) (string, error) {
	c.mu.Lock()
	v, ok := c.items[key]
	if !ok {
		return "", errMissing
	}
	c.mu.Unlock()
	return v, nil
}

func run() {
	c := new(cache)
	c.get("a")
	go c.get("b")
}
