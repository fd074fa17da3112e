package a

import (
	"fmt"
	"os"
	"sync"
)

// open locks for its callers, who call shut.
type ledgerFile struct {
	mu   sync.Mutex
	path string
}

func (a *ledgerFile) open() (*os.File, error) {
	a.mu.Lock()
	f, err := os.Open(a.path)
	if err != nil {
		return nil, fmt.Errorf("opening: %w", err) // want `a\.mu is still locked when \(\*ledgerFile\)\.open returns an error here, and 2 of its callers, \(\*ledgerFile\)\.size among them, do not unlock it then`
	}
	return f, nil
}

func (a *ledgerFile) shut(f *os.File) {
	f.Close()
	a.mu.Unlock()
}

func (a *ledgerFile) size() (int64, error) {
	f, err := a.open()
	if err != nil {
		return 0, err
	}
	defer a.shut(f)
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (a *ledgerFile) name() (string, error) {
	f, err := a.open()
	if err != nil {
		return "", err
	}
	defer a.shut(f)
	return f.Name(), nil
}

// This one unlocks when it fails.
type ledgerCopy struct {
	mu   sync.Mutex
	path string
}

func (r *ledgerCopy) open() (*os.File, error) {
	r.mu.Lock()
	f, err := os.Open(r.path)
	if err != nil {
		r.mu.Unlock()
		return nil, fmt.Errorf("opening: %w", err)
	}
	return f, nil
}

func (r *ledgerCopy) shut(f *os.File) {
	f.Close()
	r.mu.Unlock()
}

func (r *ledgerCopy) size() (int64, error) {
	f, err := r.open()
	if err != nil {
		return 0, err
	}
	defer r.shut(f)
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (r *ledgerCopy) name() (string, error) {
	f, err := r.open()
	if err != nil {
		return "", err
	}
	defer r.shut(f)
	return f.Name(), nil
}

// Only one calls it, but twice.
type ledgerOnce struct {
	mu   sync.Mutex
	path string
}

func (o *ledgerOnce) open() (*os.File, error) {
	o.mu.Lock()
	f, err := os.Open(o.path)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (o *ledgerOnce) shut(f *os.File) {
	f.Close()
	o.mu.Unlock()
}

func (o *ledgerOnce) again() error {
	f, err := o.open() // want `o.mu is still locked when the function returns on line 117: the next Lock of it waits for ever`
	if err != nil {
		return err
	}
	o.shut(f)
	f, err = o.open() // want `o.mu is still locked when the function returns on line 122: the next Lock of it waits for ever`
	if err != nil {
		return err
	}
	o.shut(f)
	return nil
}

// A helper of any type.
type ledgerOf[T any] struct {
	mu   sync.Mutex
	path string
	rows []T
}

func (l *ledgerOf[T]) open() (*os.File, error) {
	l.mu.Lock()
	f, err := os.Open(l.path)
	if err != nil {
		return nil, err // want `l\.mu is still locked when \(\*ledgerOf\)\.open returns an error here, and 2 of its callers`
	}
	return f, nil
}

func (l *ledgerOf[T]) shut(f *os.File) {
	f.Close()
	l.mu.Unlock()
}

func (l *ledgerOf[T]) name() (string, error) {
	f, err := l.open()
	if err != nil {
		return "", err
	}
	defer l.shut(f)
	return f.Name(), nil
}

func (l *ledgerOf[T]) size() (int64, error) {
	f, err := l.open()
	if err != nil {
		return 0, err
	}
	defer l.shut(f)
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
