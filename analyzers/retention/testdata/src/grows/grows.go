// Package grows adds and adds, in other ways than a handler does.
package grows

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// What was there before, in a variable.

var (
	seenMu sync.Mutex
	seen   = map[string]time.Time{}
	recent = map[string]time.Time{}
)

func Replayed(id string) bool {
	seenMu.Lock()
	defer seenMu.Unlock()
	if _, ok := seen[id]; ok {
		return true
	}
	seen[id] = time.Now() // want `seen only grows: Replayed adds each new key that it is called with`
	return false
}

func Recent(id string) bool {
	seenMu.Lock()
	defer seenMu.Unlock()
	_, ok := recent[id]
	recent[id] = time.Now()
	for k, t := range recent {
		if time.Since(t) > time.Minute {
			delete(recent, k)
		}
	}
	return ok
}

// What is registered.

var codecs = map[string]func([]byte) error{}

func Register(name string, c func([]byte) error) { codecs[name] = c }

// Helpers that are given the request, and a lookup in another map.

type limiter struct {
	mu      sync.Mutex
	hosts   map[string]*visitor
	methods map[string]int
	paths   map[string]int
	failed  map[string][]time.Time
	started map[string][]time.Time
	known   map[string]bool
}

type visitor struct{ n int }

func newLimiter() *limiter {
	return &limiter{hosts: map[string]*visitor{}, methods: map[string]int{"GET": 0}}
}

func (l *limiter) allow(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	v := l.hosts[host]
	if v == nil {
		v = new(visitor)
		l.hosts[host] = v // want `hosts only grows: allow adds a key to it for every request`
	}
	v.n++
	return v.n < 100
}

func (l *limiter) count(r *http.Request) {
	if _, ok := l.methods[r.Method]; ok {
		l.methods[r.Method]++
	}
	name := r.Header.Get("X-Client")
	if !l.known[name] {
		return
	}
	l.paths[name]++
}

// A slice for each key: that there are few keys is no help.

func (l *limiter) try(r *http.Request) error {
	name := r.Header.Get("X-Client")
	if !l.known[name] {
		return errors.New("unknown")
	}
	l.failed[name] = append(l.failed[name], time.Now()) // want `failed only grows: try appends to what a key has for every request`
	l.started[name] = append(l.started[name], time.Now())
	if s := l.started[name]; len(s) > 10 {
		l.started[name] = s[1:]
	}
	return nil
}

// Requests that are sent, not served.

type client struct{ hosts map[string]int }

func (c *client) RoundTrip(r *http.Request) (*http.Response, error) {
	c.hosts[r.URL.Host]++
	return http.DefaultTransport.RoundTrip(r)
}

// Messages.

type event struct{ id, kind string }

type consumer struct {
	in    chan event
	ids   map[string]bool
	last  map[string]event
	stop  chan struct{}
	kinds map[string]bool
}

func (c *consumer) run() {
	for {
		select {
		case e := <-c.in:
			c.ids[e.id] = true // want `ids only grows: run adds a key to it for every message`
			c.last[e.kind] = e
			if len(c.last) > 100 {
				clear(c.last)
			}
		case <-c.stop:
			return
		}
	}
}

// Memory of what was computed, in an object that goroutines share.

type resolver struct {
	mu    sync.RWMutex
	addrs map[string][]net.IP
	names map[string]string
	order []string
}

func (r *resolver) Lookup(host string) ([]net.IP, error) {
	r.mu.RLock()
	ips, ok := r.addrs[host]
	r.mu.RUnlock()
	if ok {
		return ips, nil
	}
	ips, err := net.LookupIP(host)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.addrs[host] = ips // want `addrs only grows: Lookup adds each new key that it is called with`
	return ips, nil
}

func (r *resolver) Name(ip string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n, ok := r.names[ip]; ok {
		return n
	}
	if len(r.order) == 512 {
		delete(r.names, r.order[0])
		r.order = r.order[1:]
	}
	r.names[ip] = strings.ToLower(ip)
	r.order = append(r.order, ip)
	return r.names[ip]
}

// One that lives for a call.

type tally struct{ sums map[string]int }

func sum(words []string) int {
	t := &tally{sums: map[string]int{}}
	for _, w := range words {
		t.sums[w]++
	}
	return len(t.sums)
}

// Cut short in an object that goroutines share.

type job struct{ payload []byte }

type batcher struct {
	mu      sync.Mutex
	pending []*job
	sizes   []int
	conns   []net.Conn
	idle    []net.Conn
	out     func([]*job)
}

func (b *batcher) prune(alive func(net.Conn) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	keep := b.conns[:0]
	for _, c := range b.conns {
		if alive(c) {
			keep = append(keep, c)
		}
	}
	b.conns = keep // want `conns is cut short, but what was dropped is still behind the end`
}

func (b *batcher) pruneAndClear(alive func(net.Conn) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	keep := b.idle[:0]
	for _, c := range b.idle {
		if alive(c) {
			keep = append(keep, c)
		}
	}
	clear(b.idle[len(keep):])
	b.idle = keep
}

func (b *batcher) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.out(b.pending)
	b.pending = b.pending[:0] // soon filled again
	b.sizes = b.sizes[:0]
}
