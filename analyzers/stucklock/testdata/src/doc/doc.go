package doc

import (
	"errors"
	"sync"
)

var errMissing = errors.New("missing")

type cache struct {
	mu    sync.Mutex
	items map[string]string
	log   []string
}

func (c *cache) get(key string) (string, error) {
	c.mu.Lock() // want `c.mu is still locked when the function returns on line 20: the next Lock of it waits for ever`
	v, ok := c.items[key]
	if !ok {
		return "", errMissing
	}
	c.mu.Unlock()
	return v, nil
}

func (c *cache) lookup(key string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.items[key]
	if !ok {
		return "", errMissing
	}
	return v, nil
}

func (c *cache) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.items = make(map[string]string)
	c.note("reset")
}

func (c *cache) note(what string) {
	c.mu.Lock() // want `this Lock takes c.mu, which its caller \(\*cache\).reset has held since line 37: it waits for ever`
	c.log = append(c.log, what)
	c.mu.Unlock()
}

type table struct {
	mu   sync.RWMutex
	rows map[string]int
}

func (t *table) total() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.count("a") + t.count("b")
}

func (t *table) count(name string) int {
	t.mu.RLock() // want `this RLock takes t.mu, which its caller \(\*table\).total has read-locked since line 55; a Lock that waits in between makes both wait for ever`
	defer t.mu.RUnlock()
	return t.rows[name]
}

func (t *table) add(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows[name]++
}
