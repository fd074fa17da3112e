//go:build ignore

// Who counts hears when the count is given up.

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
	found, over := make(chan house), make(chan struct{})
	defer close(over)
	var counters sync.WaitGroup
	for _, d := range c.districts {
		counters.Add(1)
		go func() {
			defer counters.Done()
			d.count(found, over)
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

func (d *district) count(found chan<- house, over <-chan struct{}) {
	for i := range d.houses {
		n, err := d.visit(i)
		select {
		case found <- house{n, err}:
		case <-over:
			return
		}
		if err != nil {
			return
		}
	}
}

func run() {
	c := &census{[]*district{{[]int{-1}}, {make([]int, 50)}, {make([]int, 50)}}}
	c.count()
}
