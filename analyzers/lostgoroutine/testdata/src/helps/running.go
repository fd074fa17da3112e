package helps

import (
	"testing"
	"time"
)

// settle is no help for tests, though it asks whether there is one.
func settle(done func() bool) bool {
	if testing.Testing() {
		return done()
	}
	over := make(chan bool)
	go func() {
		over <- done() // want `this send blocks forever`
	}()
	select {
	case ok := <-over:
		return ok
	case <-time.After(time.Minute):
		return false
	}
}
