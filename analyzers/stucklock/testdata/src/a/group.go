package a

import "sync"

type index struct {
	mu    sync.RWMutex
	words map[string]int
	read  func(string) (int, error)
}

func (x *index) refresh(names []string) {
	var wg sync.WaitGroup
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, name := range names {
		wg.Go(func() { x.put(name) })
	}
	wg.Wait() // want `this Wait waits while x.mu is held since line 13, and the goroutine started on line 16 needs that lock first: both wait for ever`
}

func (x *index) put(name string) {
	n, err := x.read(name)
	if err != nil {
		return
	}
	x.mu.Lock()
	x.words[name] = n
	x.mu.Unlock()
}

// Whoever cannot read is done without the lock, the others are not.
func (x *index) refreshCounted(names []string) {
	var wg sync.WaitGroup
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, name := range names {
		wg.Add(1)
		go func() {
			defer wg.Done()
			x.put(name)
		}()
	}
	wg.Wait() // want `this Wait waits while x.mu is held since line 34, and the Done on line 39 needs that lock first: both wait for ever`
}

// The lock is free again by then.
func (x *index) refreshFree(names []string) {
	var wg sync.WaitGroup
	x.mu.Lock()
	clear(x.words)
	x.mu.Unlock()
	for _, name := range names {
		wg.Go(func() { x.put(name) })
	}
	wg.Wait()
}

// A lock for each.
func (x *index) refreshOther(names []string) {
	var wg sync.WaitGroup
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, name := range names {
		wg.Go(func() {
			y := &index{words: make(map[string]int), read: x.read}
			y.put(name)
		})
	}
	wg.Wait()
}

// Who is told that the lock is held, does not take it.
func (x *index) refreshHeld(names []string) {
	var wg sync.WaitGroup
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, name := range names {
		wg.Go(func() { x.putAs(name, true) })
	}
	wg.Wait()
}

func (x *index) putAs(name string, held bool) {
	n, _ := x.read(name)
	if !held {
		x.mu.Lock()
		defer x.mu.Unlock()
	}
	x.words[name] = n
}

// Readers do not keep each other out.
func (x *index) sum(names []string) (n int) {
	var wg sync.WaitGroup
	x.mu.RLock()
	defer x.mu.RUnlock()
	for _, name := range names {
		wg.Go(func() {
			if x.has(name) {
				try()
			}
		})
	}
	wg.Wait()
	return len(names)
}

func (x *index) has(name string) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.words[name] > 0
}

// One that was started before has had the lock by now, perhaps.
func (x *index) refreshEarly(names []string) {
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { x.put(name) })
	}
	x.mu.Lock()
	clear(x.words)
	x.mu.Unlock()
	wg.Wait()
}

func Index() {
	x := &index{words: make(map[string]int), read: func(string) (int, error) { return 1, try() }}
	x.refresh(nil)
	x.refreshCounted(nil)
	x.refreshFree(nil)
	x.refreshOther(nil)
	x.refreshHeld(nil)
	x.sum(nil)
	x.refreshEarly(nil)
	rotate(nil)
}
