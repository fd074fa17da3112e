package a

import (
	"log"
	"os"
	"sync"
)

type conn struct {
	mu     sync.Mutex
	closed bool
	peers  []*conn
	up     *conn
	n      int
}

func step() bool
func try() error

func leavesLoop(c *conn) {
	for {
		c.mu.Lock() // want `c.mu is still locked when the function returns on line 28`
		if c.closed {
			break
		}
		c.mu.Unlock()
	}
}

func unlocksBehindLoop(c *conn) {
	for {
		c.mu.Lock()
		if c.closed {
			break
		}
		c.mu.Unlock()
	}
	c.mu.Unlock()
}

func forgetsOnContinue(c *conn) {
	for i := 0; i < 3; i++ {
		c.mu.Lock() // want `this Lock waits for ever if c.mu is still locked since line 43: a path in between does not unlock it`
		if try() != nil {
			continue
		}
		c.mu.Unlock()
	}
}

func unlocksOnContinue(c *conn) {
	for i := 0; i < 3; i++ {
		c.mu.Lock()
		if try() != nil {
			c.mu.Unlock()
			continue
		}
		c.mu.Unlock()
	}
}

func forgetsInLiteral(c *conn) func() {
	return func() {
		c.mu.Lock() // want `c.mu is still locked when the function returns on line 66`
		if c.closed {
			return
		}
		c.n++
		c.mu.Unlock()
	}
}

// The program or the goroutine ends there.
func ends(c *conn) {
	c.mu.Lock()
	switch {
	case c.n == 1:
		panic("one")
	case c.n == 2:
		os.Exit(1)
	case c.n == 3:
		log.Fatal("three")
	}
	c.mu.Unlock()
}

func sameCondition(c *conn, locked bool) int {
	if !locked {
		c.mu.Lock()
	}
	n := c.n
	if !locked {
		c.mu.Unlock()
	}
	return n
}

func flag(c *conn) {
	locked := false
	if step() {
		c.mu.Lock()
		locked = true
	}
	c.n++
	if locked {
		c.mu.Unlock()
	}
}

func tries(c *conn) {
	if !c.mu.TryLock() {
		return
	}
	c.n++
	c.mu.Unlock()
}

func triesLate(c *conn) {
	ok := c.mu.TryLock()
	c.n++
	if ok {
		c.mu.Unlock()
	}
}

func forgetsAfterTry(c *conn) {
	if !c.mu.TryLock() { // want `c.mu is still locked when the function returns on line 131`
		return
	}
	if c.closed {
		return
	}
	c.mu.Unlock()
}

func deferredLiteral(c *conn) error {
	c.mu.Lock()
	defer func() {
		c.n++
		c.mu.Unlock()
	}()
	return try()
}

func deferredFlag(c *conn) error {
	c.mu.Lock()
	locked := true
	defer func() {
		if locked {
			c.mu.Unlock()
		}
	}()
	if err := try(); err != nil {
		return err
	}
	c.mu.Unlock()
	locked = false
	return try()
}

func others(c *conn) {
	for _, p := range c.peers {
		p.mu.Lock()
	}
	c.n++
	for _, p := range c.peers {
		p.mu.Unlock()
	}
}

func upwards(c *conn) int {
	for c != nil {
		c.mu.Lock()
		next := c.up
		c.mu.Unlock()
		c = next
	}
	return 0
}

func handOverHand(c *conn) {
	c.mu.Lock()
	for c.up != nil {
		next := c.up
		next.mu.Lock()
		c.mu.Unlock()
		c = next
	}
	c.mu.Unlock()
}

func once(c *conn) error {
	locked := false
	for {
		if err := try(); err != nil {
			return err
		}
		if c.n > 3 && step() {
			if !locked {
				c.mu.Lock()
				defer c.mu.Unlock()
				locked = true
			}
			c.n++
		}
	}
}
