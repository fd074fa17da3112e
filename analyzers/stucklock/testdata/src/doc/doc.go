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

type bank struct {
	in, out sync.Mutex
	sum     int
}

func (b *bank) deposit() {
	b.in.Lock()
	defer b.in.Unlock()
	b.out.Lock() // want `this Lock waits for b.out while b.in is held since line 78; \(\*bank\).withdraw takes them the other way round on line 88: two goroutines can wait for each other for ever`
	defer b.out.Unlock()
	b.sum++
}

func (b *bank) withdraw() {
	b.out.Lock()
	defer b.out.Unlock()
	b.in.Lock()
	defer b.in.Unlock()
	b.sum--
}

type worker struct {
	mu      sync.Mutex
	jobs    chan func() int
	done    chan struct{}
	results []int
}

func newWorker() *worker {
	w := &worker{jobs: make(chan func() int, 16), done: make(chan struct{})}
	go w.loop()
	return w
}

func (w *worker) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.jobs)
	<-w.done // want `this receive waits while w.mu is held since line 107, and the close on line 114 needs that lock first: both wait for ever`
}

func (w *worker) loop() {
	defer close(w.done)
	for job := range w.jobs {
		w.mu.Lock()
		w.results = append(w.results, job())
		w.mu.Unlock()
	}
}

func use(b *bank) {
	go b.deposit()
	go b.withdraw()
	newWorker().stop()
}
