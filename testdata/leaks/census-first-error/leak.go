//go:build ignore

// The districts are counted at the same time, house by house. At the first error
// the count is given up, and the counters of other districts still have houses.
//
// leak: lostgoroutine abandoned-send: reported

package main

import (
	"errors"
	"sync"
)

type house struct {
	people int
	err    error
}

type district struct {
	houses []int
}

var errNobodyHome = errors.New("nobody at home")

func (d *district) visit(i int) (int, error) {
	if d.houses[i] < 0 {
		return 0, errNobodyHome
	}
	return d.houses[i], nil
}

type census struct{ districts []*district }

func (c *census) count() (total int, err error) {
	found := make(chan house)
	var counters sync.WaitGroup
	for _, d := range c.districts {
		counters.Add(1)
		go func() {
			defer counters.Done()
			d.count(found)
		}()
	}
	go func() {
		counters.Wait()
		close(found)
	}()
	for h := range found {
		if h.err != nil {
			return 0, h.err
		}
		total += h.people
	}
	return total, nil
}

func (d *district) count(found chan<- house) {
	for i := range d.houses {
		n, err := d.visit(i)
		found <- house{n, err}
		if err != nil {
			return
		}
	}
}

func run() {
	c := &census{[]*district{{[]int{-1}}, {make([]int, 50)}, {make([]int, 50)}}}
	c.count()
}
