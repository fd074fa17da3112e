//go:build ignore

// With nothing to clean up, the function returns with the lock held.
//
// leak: stucklock missing-unlock: reported

package main

import (
	"errors"
	"sync"
	"time"
)

type volumeSet struct {
	sync.Mutex
	deleted []string
	freed   int
}

func (v *volumeSet) cleanup() error {
	v.Lock()
	if len(v.deleted) == 0 {
		return nil
	}
	for _, name := range v.deleted {
		if name == "" {
			v.Unlock()
			return errors.New("a volume without a name")
		}
		v.freed++
	}
	v.deleted = nil
	v.Unlock()
	return nil
}

func (v *volumeSet) Delete(name string) {
	v.Lock()
	defer v.Unlock()
	v.deleted = append(v.deleted, name)
}

func housekeeping(v *volumeSet, timeout time.Duration) bool {
	if err := v.cleanup(); err != nil {
		return false
	}
	done := make(chan bool, 1)
	go func() {
		v.Delete("old")
		done <- true
	}()
	select {
	case <-time.After(timeout):
		return false
	case ok := <-done:
		return ok
	}
}

func run() { housekeeping(&volumeSet{}, 5*time.Millisecond) }
