// Package helps has fakes for tests.
package helps

import (
	"testing"
	"time"
)

// A Fake gives what a test asks for.
type Fake struct {
	t    *testing.T
	asks chan int
}

// Answer answers until nobody asks.
func (f *Fake) Answer() {
	for {
		select {
		case n := <-f.asks:
			f.t.Log(n)
		case <-time.After(time.Second):
			f.t.Error("no question")
			return
		}
	}
}
