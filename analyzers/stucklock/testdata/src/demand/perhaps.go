package demand

import "sync"

// A renewer calls what it was given, which takes the lock of a renewer.
type renewer struct {
	mu    sync.Mutex
	save  func(id int)
	saved map[int]bool
}

func (r *renewer) Save(id int) {
	r.mu.Lock() // want `this Lock takes r.mu, which its caller \(\*renewer\).renew has held since line \d+: it waits for ever`
	defer r.mu.Unlock()
	r.saved[id] = true
}

func (r *renewer) renew(id int) {
	r.mu.Lock()
	unlock := func() { r.mu.Unlock() }
	defer func() { unlock() }()
	if r.save != nil {
		r.save(id)
	}
}

func renewers() {
	r := &renewer{saved: make(map[int]bool)}
	r.save = func(id int) { r.Save(id) }
	r.renew(1)
}

// A store asks its replicas, which ask their store.
type depot struct {
	mu       sync.RWMutex
	replicas map[int]*replica
}

type replica struct{ of *depot }

func (s *depot) scan() {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, r := range s.replicas {
		r.check()
	}
}

func (s *depot) status() int {
	s.mu.RLock() // want `this RLock takes s.mu, which its caller \(\*depot\).scan has read-locked since line \d+; a Lock that waits in between makes both wait for ever`
	defer s.mu.RUnlock()
	return len(s.replicas)
}

func (s *depot) add(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replicas[id] = &replica{of: s}
}

func (r *replica) check() { r.of.status() }

// A set lets go of its lock for a while, and takes it again with the lock of a device held.
type set struct {
	mu      sync.Mutex
	devices map[string]*device
}

type device struct {
	mu   sync.Mutex
	name string
}

func (s *set) find(name string) *device { return s.devices[name] }

func (s *set) Remove(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.find(name)
	d.mu.Lock() // want `this Lock waits for mu while s.mu is held since line \d+; \(\*set\).Remove takes them the other way round on line \d+`
	defer d.mu.Unlock()
	s.settle(d.name)
}

func (s *set) settle(name string) {
	s.mu.Unlock()
	println(name)
	s.mu.Lock()
}
