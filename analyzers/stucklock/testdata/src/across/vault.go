package across

import (
	"errors"
	"sync"

	"store"
)

var errPoor = errors.New("poor")

func pay(v *store.Vault, n int) error {
	v.Acquire() // want `v.mu is still locked when the function returns on line \d+: the next Lock of it waits for ever`
	if n < 0 {
		return errPoor
	}
	v.Add(-n)
	v.Release()
	return nil
}

func payWell(v *store.Vault, n int) error {
	v.Acquire()
	defer v.Release()
	if n < 0 {
		return errPoor
	}
	v.Add(-n)
	return nil
}

type bank struct{ vault *store.Vault }

func (b *bank) freeze(ok bool) error {
	store.Freeze(b.vault) // want `b.vault.gate is still locked when the function returns on line \d+: the next Lock of it waits for ever`
	if !ok {
		return errPoor
	}
	b.vault.Add(1)
	store.Thaw(b.vault)
	return nil
}

// begin and end are a pair, as those of the vault are.
func (b *bank) begin() { b.vault.Acquire() }

func (b *bank) end() { b.vault.Release() }

func (b *bank) both(n int) {
	b.begin()
	if n == 0 {
		b.end()
		return
	}
	b.vault.Add(n)
	b.end()
}

func (b *bank) forgets(n int) error {
	b.begin() // want `b.vault.mu is still locked when the function returns on line \d+: the next Lock of it waits for ever`
	if n == 0 {
		return errPoor
	}
	b.vault.Add(n)
	b.end()
	return nil
}

// A lock that is held where an error is returned is held by nobody.
func enter(v *store.Vault) error {
	if err := v.Enter(); err != nil {
		return err
	}
	v.Add(1)
	v.Release()
	return nil
}

func enterAndStay(v *store.Vault, n int) error {
	if err := v.Enter(); err != nil { // want `v.mu is still locked when the function returns on line \d+`
		return err
	}
	if n == 0 {
		return errPoor
	}
	v.Release()
	return nil
}

func try(v *store.Vault) bool {
	if !v.TryAcquire() {
		return false
	}
	v.Add(1)
	v.Release()
	return true
}

func twice(v *store.Vault) int {
	v.Acquire()
	defer v.Release()
	return v.Amount() // want `this call of Amount takes v.mu, which is held since line \d+: it waits for ever`
}

func shared(v *store.Vault) int {
	v.AcquireShared()
	defer v.ReleaseShared()
	return v.Amount() // want `this call of Amount takes v.mu, which is read-locked since line \d+; a Lock that waits in between makes both wait for ever`
}

// The helper takes what its caller holds.
func (b *bank) report() int {
	b.begin()
	defer b.end()
	return b.amount()
}

func (b *bank) amount() int {
	return b.vault.Amount() // want `this call of Amount takes b.vault.mu, which its caller \(\*bank\).report has held since line \d+: it waits for ever`
}

// Two vaults, one after the other.
func between(v, w *store.Vault) int {
	v.Acquire()
	n := w.Amount()
	v.Release()
	return n + v.Amount()
}

// What ends it is a function, or an object.
func ends(v *store.Vault, n int) int {
	end := v.Open()
	if n == 0 {
		end()
		return v.Amount()
	}
	defer end()
	v.Add(n)
	return n
}

func turns(v *store.Vault, n int) int {
	t := v.Turn()
	if n == 0 {
		t.Done()
		return v.Amount()
	}
	v.Add(n)
	t.Done()
	return n
}

// Another goroutine releases it.
func relay(r *store.Relay) {
	r.Run(func() {})
	r.Run(func() {})
}

// A method value has no receiver among its arguments, and a method expression may have another one.
type safe struct {
	mu sync.Mutex
	store.Chest
}

func (s *safe) open() {
	s.mu.Lock()
	enter := (*safe).Acquire
	enter(s)
	s.Release()
	s.mu.Unlock()
}

func (s *safe) leaves(n int) int {
	s.Acquire()
	release := s.Release
	if n < 0 {
		release()
		return 0
	}
	s.Release()
	return n
}

func (s *safe) since(other *store.Chest) int {
	other.Acquire()
	defer other.Release()
	since := s.Since
	return since(other)
}
