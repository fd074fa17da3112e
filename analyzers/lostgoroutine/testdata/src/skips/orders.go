package skips

import "sync"

// Dishes are ordered together, and each guest waits for the own one.
type bakehouse struct {
	cook  func(names []string) (map[string]int, error)
	mu    sync.Mutex
	asked map[string]*dish
}

type dish struct {
	ready chan struct{}
	size  int
	err   error
}

func Bakehouse(cook func([]string) (map[string]int, error)) *bakehouse {
	return &bakehouse{cook: cook, asked: make(map[string]*dish)}
}

func (k *bakehouse) Order(name string) *dish {
	k.mu.Lock()
	defer k.mu.Unlock()
	d := k.asked[name]
	if d == nil {
		d = &dish{ready: make(chan struct{})}
		k.asked[name] = d
	}
	return d
}

func (d *dish) Eat() (int, error) {
	<-d.ready // want `this receive blocks forever if cookAll returns at line \d+: that way it does not close d.ready, and nobody else does`
	return d.size, d.err
}

func (d *dish) serve(size int, err error) {
	d.size, d.err = size, err
	close(d.ready)
}

func (k *bakehouse) Cook() {
	k.mu.Lock()
	all := k.asked
	k.asked = make(map[string]*dish)
	k.mu.Unlock()
	k.cookAll(all)
}

func (k *bakehouse) cookAll(all map[string]*dish) {
	var names []string
	for name := range all {
		names = append(names, name)
	}
	if len(names) == 0 {
		return
	}
	sizes, err := k.cook(names)
	if err != nil {
		for _, d := range all {
			d.serve(0, err)
		}
		return
	}
	for name, size := range sizes {
		if d := all[name]; d != nil {
			d.serve(size, nil)
		}
	}
}

// A bakery serves the others as well, with nothing.
type bakery struct {
	bake  func(names []string) (map[string]int, error)
	mu    sync.Mutex
	asked map[string]*loaf
}

type loaf struct {
	ready chan struct{}
	size  int
	err   error
}

func Bakery(bake func([]string) (map[string]int, error)) *bakery {
	return &bakery{bake: bake, asked: make(map[string]*loaf)}
}

func (b *bakery) Order(name string) *loaf {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.asked[name]
	if l == nil {
		l = &loaf{ready: make(chan struct{})}
		b.asked[name] = l
	}
	return l
}

func (l *loaf) Eat() (int, error) {
	<-l.ready
	return l.size, l.err
}

func (l *loaf) serve(size int, err error) {
	l.size, l.err = size, err
	close(l.ready)
}

func (b *bakery) Bake() {
	b.mu.Lock()
	all := b.asked
	b.asked = make(map[string]*loaf)
	b.mu.Unlock()
	var names []string
	for name := range all {
		names = append(names, name)
	}
	sizes, err := b.bake(names)
	if err != nil {
		for _, l := range all {
			l.serve(0, err)
		}
		return
	}
	for name, size := range sizes {
		if l := all[name]; l != nil {
			l.serve(size, nil)
			delete(all, name)
		}
	}
	for _, l := range all {
		l.serve(0, nil)
	}
}

// At a bar the others stay on the list, for another round.
type bar struct {
	pour  func() (map[string]int, error)
	mu    sync.Mutex
	asked map[string]*drink
}

type drink struct {
	ready chan struct{}
	size  int
}

func Bar(pour func() (map[string]int, error)) *bar {
	return &bar{pour: pour, asked: make(map[string]*drink)}
}

func (b *bar) Order(name string) *drink {
	b.mu.Lock()
	defer b.mu.Unlock()
	d := &drink{ready: make(chan struct{})}
	b.asked[name] = d
	return d
}

func (d *drink) Drink() int {
	<-d.ready
	return d.size
}

func (d *drink) serve(size int) {
	d.size = size
	close(d.ready)
}

func (b *bar) Round() {
	sizes, err := b.pour()
	b.mu.Lock()
	defer b.mu.Unlock()
	if err != nil {
		for name, d := range b.asked {
			d.serve(0)
			delete(b.asked, name)
		}
		return
	}
	for name, size := range sizes {
		if d := b.asked[name]; d != nil {
			d.serve(size)
			delete(b.asked, name)
		}
	}
}

// A canteen goes through what it has been asked for.
type canteen struct {
	boil  func(names []string) (map[string]int, error)
	mu    sync.Mutex
	asked map[string]*soup
}

type soup struct {
	ready chan struct{}
	size  int
}

func Canteen(boil func([]string) (map[string]int, error)) *canteen {
	return &canteen{boil: boil, asked: make(map[string]*soup)}
}

func (c *canteen) Order(name string) *soup {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &soup{ready: make(chan struct{})}
	c.asked[name] = s
	return s
}

func (s *soup) Eat() int {
	<-s.ready
	return s.size
}

func (s *soup) serve(size int) {
	s.size = size
	close(s.ready)
}

func (c *canteen) Boil() {
	c.mu.Lock()
	all := c.asked
	c.asked = nil
	c.mu.Unlock()
	var names []string
	for name := range all {
		names = append(names, name)
	}
	sizes, err := c.boil(names)
	if err != nil {
		for _, s := range all {
			s.serve(0)
		}
		return
	}
	for _, name := range names {
		all[name].serve(sizes[name])
	}
}
