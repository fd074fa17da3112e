package a

import (
	"fmt"
	"net/http"
	"sync"
)

var lastSeen sync.Map

func handle(w http.ResponseWriter, r *http.Request) {
	lastSeen.Store(r.RemoteAddr, r.URL.Path) // want `lastSeen is written on every request and nothing looks a key up`
}

func dump() {
	lastSeen.Range(func(k, v any) bool {
		fmt.Println(k, v)
		return true
	})
}

func local(keys []string) {
	var m sync.Map
	for i, k := range keys {
		m.Swap(k, i) // want `m is written on every iteration`
	}
	m.Range(func(k, v any) bool { return true })
}

// What is looked up.

type cache struct{ m sync.Map }

func (c *cache) fill(keys []string) {
	for i, k := range keys {
		c.m.Store(k, i)
	}
}

func (c *cache) get(k string) any {
	v, _ := c.m.Load(k)
	return v
}

var once sync.Map

func first(keys []string) {
	for _, k := range keys {
		if _, seen := once.LoadOrStore(k, true); seen {
			once.Store(k, false)
		}
	}
}

func previous(keys []string) (n int) {
	var m sync.Map
	for i, k := range keys {
		if _, ok := m.Swap(k, i); ok {
			n++
		}
	}
	return n
}

// What others can see.

var Shared sync.Map

func share(keys []string) {
	var m sync.Map
	for i, k := range keys {
		Shared.Store(k, i)
		m.Store(k, i)
	}
	use(&m)
}

func use(*sync.Map) {}

// What happens seldom.

var registry sync.Map

func register(name string, v any) { registry.Store(name, v) }

// What is ranged over as often.

var ranged sync.Map

func both(w http.ResponseWriter, r *http.Request) {
	ranged.Store(r.RemoteAddr, 1)
	ranged.Range(func(k, v any) bool { return true })
}
