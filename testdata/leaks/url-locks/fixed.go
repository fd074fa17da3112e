//go:build ignore

// The lock of the address is taken when the table is unlocked.

package main

import (
	"sync"
	"time"
)

// urlLocks lets one download of an address run at a time.
type urlLocks struct {
	sync.RWMutex
	byURL map[string]*sync.Mutex
}

func (u *urlLocks) lock(url string) {
	u.Lock()
	m, ok := u.byURL[url]
	if !ok {
		m = &sync.Mutex{}
		u.byURL[url] = m
	}
	u.Unlock()
	m.Lock()
}

func (u *urlLocks) unlock(url string) {
	u.RLock()
	defer u.RUnlock()
	if m, ok := u.byURL[url]; ok {
		m.Unlock()
	}
}

type fetcher struct {
	locks *urlLocks
	mu    sync.Mutex
	cache map[string]string
}

func (f *fetcher) get(url string) string {
	f.locks.lock(url)
	defer f.locks.unlock(url)
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.cache[url]; !ok {
		time.Sleep(50 * time.Microsecond)
		f.cache[url] = "body of " + url
	}
	return f.cache[url]
}

func run() {
	for range 5 {
		f := &fetcher{locks: &urlLocks{byURL: make(map[string]*sync.Mutex)}, cache: make(map[string]string)}
		for range 20 {
			go func() {
				for range 20 {
					f.get("http://a/x")
				}
			}()
		}
	}
}
