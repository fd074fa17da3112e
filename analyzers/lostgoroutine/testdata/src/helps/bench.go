// Package helps is for the tests of a stock exchange, and simulates one.
package helps

import (
	"testing"
	"time"
)

// A Rig is what a test has.
type Rig struct {
	*testing.T
	orders func() (int, error)
}

// within is not given a test, but is in a file of those that are.
func within(d time.Duration, do func() error) error {
	failed := make(chan error)
	go func() {
		failed <- do()
	}()
	select {
	case err := <-failed:
		return err
	case <-time.After(d):
		return nil
	}
}

func (r *Rig) orderWithin(d time.Duration) (n int, err error) {
	return n, within(d, func() error {
		n, err = r.orders()
		return err
	})
}
