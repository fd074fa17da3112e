package a

import (
	"errors"
	"sync"
	"time"
)

// A casket is handed out locked.

type casket struct {
	mu     sync.Mutex
	papers map[string]int
	sealed bool
}

type cabinet struct{ shelves []*casket }

func (c *cabinet) find(name string) *casket { return c.shelves[len(name)%len(c.shelves)] }

func (c *cabinet) open(name string) *casket {
	d := c.find(name)
	d.mu.Lock()
	return d
}

func (d *casket) close() { d.mu.Unlock() }

func (c *cabinet) file(name string) error {
	d := c.open(name)
	defer d.close()
	if d.sealed {
		return errors.New("sealed")
	}
	d.papers[name]++
	return nil
}

func (c *cabinet) replace(name string, n int) error {
	d := c.open(name) // want `mu is still locked when the function returns on line 46: the next Lock of it waits for ever`
	if d.sealed {
		d.close()
		return errors.New("sealed")
	}
	if d.papers[name] != n {
		return errors.New("changed") // the casket stays open
	}
	d.papers[name]++
	d.close()
	return nil
}

// Nobody holds it where there is an error.
func (c *cabinet) try(name string) (*casket, error) {
	d := c.find(name)
	d.mu.Lock()
	if d.sealed {
		d.mu.Unlock()
		return nil, errors.New("sealed")
	}
	return d, nil
}

func (c *cabinet) count(name string) (int, error) {
	d, err := c.try(name)
	if err != nil {
		return 0, err
	}
	defer d.mu.Unlock()
	return d.papers[name], nil
}

func (c *cabinet) add(name string, n int) error {
	d, err := c.try(name) // want `mu is still locked when the function returns on line 79: the next Lock of it waits for ever`
	if err != nil {
		return err
	}
	if n < 0 {
		return errors.New("nothing to add")
	}
	d.papers[name] += n
	d.mu.Unlock()
	return nil
}

// In a loop each call gives another one.
func (c *cabinet) all(names []string) (n int) {
	for _, name := range names {
		d, err := c.try(name)
		if err != nil {
			continue
		}
		n += d.papers[name]
		d.mu.Unlock()
	}
	return n
}

func (c *cabinet) twice(name string) {
	d := c.open(name)
	defer d.close()
	d.mu.Lock() // want `this Lock takes mu, which is held since line 100: it waits for ever`
	d.mu.Unlock()
}

// It is closed once, and waits for its sweeper with the lock that this one needs.
type purger struct {
	mu     sync.Mutex
	wg     sync.WaitGroup
	stop   chan struct{}
	files  map[string]time.Time
	closed bool
}

func newPurge() *purger {
	a := &purger{stop: make(chan struct{}), files: make(map[string]time.Time)}
	a.wg.Go(a.sweep)
	return a
}

func (a *purger) sweep() {
	t := time.NewTicker(time.Minute)
	defer t.Stop()
	for {
		select {
		case now := <-t.C:
			a.drop(now)
		case <-a.stop:
			return
		}
	}
}

func (a *purger) drop(now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for name, at := range a.files {
		if now.Sub(at) > time.Hour {
			delete(a.files, name)
		}
	}
}

func (a *purger) Close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return
	}
	a.closed = true
	close(a.stop)
	a.wg.Wait() // want `this Wait waits while a.mu is held since line 145, and the goroutine started on line 117 needs that lock first: both wait for ever`
}

// A flag that others set may say that nobody is there who needs the lock.
type idle struct {
	mu   sync.Mutex
	wg   sync.WaitGroup
	busy bool
	n    int
}

func (i *idle) begin() {
	i.mu.Lock()
	i.busy = true
	i.mu.Unlock()
	i.wg.Go(i.work)
}

func (i *idle) work() {
	i.mu.Lock()
	i.n++
	i.busy = false
	i.mu.Unlock()
}

func (i *idle) Close() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.busy {
		i.wg.Wait()
	}
}

// The one before gives up the lock when it says that it has ended.
type shift struct {
	mu   sync.Mutex
	wg   sync.WaitGroup
	busy bool
	n    int
}

func (s *shift) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy {
		return
	}
	s.busy = true
	s.wg.Wait()
	s.wg.Go(s.work)
}

func (s *shift) work() {
	s.mu.Lock()
	s.n++
	s.busy = false
	s.mu.Unlock()
}

// Whether it is closed says nothing of the worker, which needs the lock for each task.
type farm struct {
	mu    sync.Mutex
	done  map[string]bool
	tasks chan string
	stop  bool
}

func newFarm() *farm {
	f := &farm{done: make(map[string]bool), tasks: make(chan string)}
	go f.work()
	return f
}

func (f *farm) work() {
	for name := range f.tasks {
		f.mu.Lock()
		f.done[name] = true
		f.mu.Unlock()
	}
}

func (f *farm) Submit(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stop {
		return false
	}
	f.tasks <- name // want `this send waits while f.mu is held since line \d+, and the range on line \d+ needs that lock first: both wait for ever`
	return true
}

func (f *farm) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stop = true
}
