package made

import (
	"errors"
	"fmt"
)

// Errors in a field.
type checker struct {
	errs []error
	all  []error
}

func (c *checker) check(rows []string) error {
	c.errs = make([]error, 0, len(rows)) // want `errs reserves room for len\(rows\) errors, also when there are none`
	for i, r := range rows {
		if r == "" {
			c.errs = append(c.errs, fmt.Errorf("row %d is empty", i))
		}
	}
	return errors.Join(c.errs...)
}

func (c *checker) each(rows []string, fn func(string) error) {
	c.all = make([]error, 0, len(rows))
	for _, r := range rows {
		c.all = append(c.all, fn(r))
	}
}

func (c *checker) first(rows []string) {
	c.errs = make([]error, 0, len(rows))
	c.errs = append(c.errs, errors.New("first"))
	for _, r := range rows {
		if r == "" {
			c.errs = append(c.errs, errors.New("empty"))
		}
	}
}
