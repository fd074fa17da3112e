package effects

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

func (v *Vault) Acquire() { v.mu.Lock() } // want Acquire:`takes mu, returns \(\) and holds 0\.mu`

func (v *Vault) Release() { v.mu.Unlock() } // want Release:`returns \(\) and frees 0\.mu`

func (v *Vault) AcquireShared() { v.mu.RLock() } // want AcquireShared:`takes mu, returns \(\) and holds 0\.mu`

func (v *Vault) ReleaseShared() { v.mu.RUnlock() } // want ReleaseShared:`returns \(\) and frees 0\.mu`

// Enter holds the lock unless it returns an error.
func (v *Vault) Enter() error { // want Enter:`takes mu, returns \(f\) and changes nothing, returns \(t\) and holds 0\.mu`
	v.mu.Lock()
	if v.shut {
		v.mu.Unlock()
		return errors.New("shut")
	}
	return nil
}

// TryAcquire reports whether it has got the lock.
func (v *Vault) TryAcquire() bool { return v.mu.TryLock() } // want TryAcquire:`returns \(f\) and changes nothing, returns \(t\) and holds 0\.mu`

// Amount takes the lock itself.
func (v *Vault) Amount() int { // want Amount:`takes mu`
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.amount
}

// Add needs the lock to be held.
func (v *Vault) Add(n int) { v.amount += n }

// Open returns what ends it.
func (v *Vault) Open() (end func()) { // want Open:`takes mu`
	v.mu.Lock()
	return v.mu.Unlock
}

// Freeze and Thaw are no methods.
func Freeze(v *Vault) { v.gate.Lock() } // want Freeze:`returns \(\) and holds 0\.gate\.\*\.Mutex`

func Thaw(v *Vault) { v.gate.Unlock() } // want Thaw:`returns \(\) and frees 0\.gate\.\*\.Mutex`

// A Turn is a vault that is held.
type Turn struct{ vault *Vault }

func (v *Vault) Turn() *Turn { // want Turn:`takes mu, returns \(f\) and holds 0\.mu`
	v.mu.Lock()
	return &Turn{v}
}

func (t *Turn) Done() { t.vault.mu.Unlock() } // want Done:`returns \(\) and frees 0\.vault\.\*\.mu`

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

// A Crate has its methods from a box, by wrappers.
type Crate struct{ *Box }

type filler interface{ Fill() }

func UseAll(crates []Crate) {
	for i := range crates {
		var f filler = crates[i]
		f.Fill()
		f = &crates[i]
		f.Fill()
	}
}
