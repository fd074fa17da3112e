//go:build ignore

// A login holds the lock of the tokens while it hands one to the keeper, and
// the keeper takes the lock to delete those that have expired.
//
// leak: stucklock blocked-holding: reported with -all

package main

import (
	"strconv"
	"sync"
	"time"
)

type tokenProvider interface {
	enable()
	assign(user string) string
	disable()
}

type keeper struct {
	expiry  map[string]time.Time
	addc    chan string
	stopc   chan struct{}
	donec   chan struct{}
	deleted func(token string)
}

func newKeeper(deleted func(string)) *keeper {
	k := &keeper{
		expiry:  make(map[string]time.Time),
		addc:    make(chan string),
		stopc:   make(chan struct{}),
		donec:   make(chan struct{}),
		deleted: deleted,
	}
	go k.run()
	return k
}

func (k *keeper) run() {
	tick := time.NewTicker(50 * time.Microsecond)
	defer close(k.donec)
	defer tick.Stop()
	for {
		select {
		case t := <-k.addc:
			k.expiry[t] = time.Now()
		case now := <-tick.C:
			for t, at := range k.expiry {
				if now.After(at) {
					k.deleted(t)
					delete(k.expiry, t)
				}
			}
		case <-k.stopc:
			return
		}
	}
}

func (k *keeper) add(token string) { k.addc <- token }

func (k *keeper) stop() {
	close(k.stopc)
	<-k.donec
}

type simpleTokens struct {
	mu     sync.Mutex
	users  map[string]string
	keeper *keeper
}

func (t *simpleTokens) enable() {
	t.keeper = newKeeper(func(token string) {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.users, token)
	})
}

func (t *simpleTokens) assign(user string) string {
	t.mu.Lock()
	token := user + strconv.Itoa(len(t.users))
	t.users[token] = user
	t.keeper.add(token)
	t.mu.Unlock()
	return token
}

func (t *simpleTokens) disable() { t.keeper.stop() }

func run() {
	var p tokenProvider = &simpleTokens{users: make(map[string]string)}
	p.enable()
	var logins sync.WaitGroup
	for range 4 {
		logins.Go(func() {
			for range 200 {
				p.assign("ann")
			}
		})
	}
	logins.Wait()
	p.disable()
}
