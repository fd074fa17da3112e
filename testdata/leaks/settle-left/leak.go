//go:build ignore

// The clerk goes home with slips in the tray; who has put one there looks at that while it
// does so, and not while it waits for the receipt.
//
// leak: lostgoroutine lost-signal: reported

package main

type slip struct {
	amount  int
	receipt chan int
}

type clerk struct {
	tray chan slip
	bell chan struct{}
	home chan struct{}
}

func newClerk() *clerk {
	c := &clerk{tray: make(chan slip, 4), bell: make(chan struct{}), home: make(chan struct{})}
	go c.work()
	return c
}

func (c *clerk) work() {
	defer close(c.home)
	for {
		select {
		case s := <-c.tray:
			s.receipt <- s.amount
		case <-c.bell:
			return
		}
	}
}

func (c *clerk) ring() {
	close(c.bell)
	<-c.home
}

func (c *clerk) settle(amount int) int {
	s := slip{amount, make(chan int, 1)}
	select {
	case c.tray <- s:
	case <-c.home:
		return 0
	}
	return <-s.receipt
}

func run() {
	for range 50 {
		c := newClerk()
		for i := range 8 {
			go c.settle(i)
		}
		c.ring()
	}
}
