// Package alone is one of tests that test nothing else: what is wrong in it is what they are about.
package alone

import (
	"sync"
	"testing"
	"time"
)

type Tank struct {
	level chan int
	dry   chan struct{}
}

func NewTank() *Tank {
	t := &Tank{level: make(chan int), dry: make(chan struct{})}
	go t.Watch()
	return t
}

func (t *Tank) Watch() {
	for {
		select {
		case n := <-t.level:
			if n == 0 {
				close(t.dry)
				return
			}
		case <-time.After(time.Second):
		}
	}
}

func TestTank(t *testing.T) {
	answer := make(chan int)
	go func() {
		time.Sleep(time.Millisecond)
		answer <- 1 // want `this send blocks forever when the select at line \d+ takes another case: nobody receives from answer and it has no buffer; the goroutine started at line \d+ never ends`
	}()
	select {
	case <-answer:
	case <-time.After(time.Microsecond):
	}
}

func TestAll(t *testing.T) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
	}()
	wg.Wait() // want `this Wait never returns`
}

func TestNobody(t *testing.T) {
	never := make(chan int)
	<-never // want `this receive blocks forever: nothing sends to never or closes it`
}
