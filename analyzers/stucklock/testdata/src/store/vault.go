package store

import (
	"errors"
	"sync"
)

// A Vault is locked by its methods, for as long as its users want.
type Vault struct {
	mu     sync.RWMutex
	gate   *gate
	shut   bool
	amount int
}

type gate struct{ sync.Mutex }

func (v *Vault) Acquire() { v.mu.Lock() }

func (v *Vault) Release() { v.mu.Unlock() }

func (v *Vault) AcquireShared() { v.mu.RLock() }

func (v *Vault) ReleaseShared() { v.mu.RUnlock() }

// Enter holds the lock unless it returns an error.
func (v *Vault) Enter() error {
	v.mu.Lock()
	if v.shut {
		v.mu.Unlock()
		return errors.New("shut")
	}
	return nil
}

// TryAcquire reports whether it has got the lock.
func (v *Vault) TryAcquire() bool { return v.mu.TryLock() }

// Amount takes the lock itself.
func (v *Vault) Amount() int {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.amount
}

// Add needs the lock to be held.
func (v *Vault) Add(n int) { v.amount += n }

// Open returns what ends it.
func (v *Vault) Open() (end func()) {
	v.mu.Lock()
	return v.mu.Unlock
}

// Freeze and Thaw are no methods.
func Freeze(v *Vault) { v.gate.Lock() }

func Thaw(v *Vault) { v.gate.Unlock() }

// A Turn is a vault that is held.
type Turn struct{ vault *Vault }

func (v *Vault) Turn() *Turn {
	v.mu.Lock()
	return &Turn{v}
}

func (t *Turn) Done() { t.vault.mu.Unlock() }

// A Relay releases its lock in a goroutine of its own.
type Relay struct {
	mu   sync.Mutex
	work chan func()
}

func NewRelay() *Relay {
	r := &Relay{work: make(chan func())}
	go func() {
		for f := range r.work {
			f()
			r.mu.Unlock()
		}
	}()
	return r
}

func (r *Relay) Run(f func()) {
	r.mu.Lock()
	r.work <- f
}

// A Chest is locked by its users, too.
type Chest struct {
	mu sync.Mutex
	n  int
}

func (c *Chest) Acquire() { c.mu.Lock() }

func (c *Chest) Release() { c.mu.Unlock() }

// Since takes the lock itself, and leaves the other one alone.
func (c *Chest) Since(other *Chest) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n - other.n
}
