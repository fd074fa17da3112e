// Package d24: error aggregation.
package d24

import (
	"errors"
	"sync"
)

type checker struct {
	errs []error
	path []string
}

var checkers = &sync.Pool{New: func() interface{} { return &checker{} }}

func (c *checker) errorf(msg string) { c.errs = append(c.errs, errors.New(msg)) }

func Validate(doc map[string]any) error {
	c := checkers.Get().(*checker)
	defer checkers.Put(c) // want `\*checker goes back to checkers with field errs still set, which its next user reads`
	c.path = c.path[:0]
	c.walk(doc)
	return errors.Join(c.errs...)
}

func (c *checker) walk(doc map[string]any) {
	for k, v := range doc {
		c.path = append(c.path, k)
		switch v := v.(type) {
		case map[string]any:
			c.walk(v)
		case nil:
			c.errorf("nil at " + k)
		}
		c.path = c.path[:len(c.path)-1]
	}
}
