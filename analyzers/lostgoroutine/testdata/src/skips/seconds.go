package skips

import (
	"context"
	"log"
)

// A inquiry has room for one answer, which its adviser forgets.
type inquiry struct {
	about string
	reply chan string
}

type adviser struct{ asked chan *inquiry }

func NewAdviser() *adviser {
	c := &adviser{make(chan *inquiry)}
	go c.serve()
	return c
}

func (c *adviser) serve() {
	for q := range c.asked {
		c.answer(q)
	}
}

func (c *adviser) answer(q *inquiry) {
	if err := try(len(q.about)); err != nil {
		log.Print(err)
		q.reply <- "no idea"
	}
	q.reply <- "yes" // want `this send blocks forever after the one at line 31 on the same path: Ask receives from q.reply once and it has no buffer`
}

func (c *adviser) Ask(ctx context.Context, about string) string {
	q := &inquiry{about, make(chan string)}
	c.asked <- q
	return <-q.reply
}

// These have one answer each, in one way or another.
type answered struct {
	reply chan string
	n     int
}

type bureau struct{ asked chan *answered }

func NewBureau() *bureau {
	d := &bureau{make(chan *answered)}
	go d.serve()
	return d
}

func (d *bureau) serve() {
	for a := range d.asked {
		switch {
		case a.n == 0:
			a.reply <- "none"
			continue
		case a.n == 1:
			a.reply <- "one"
		default:
			d.many(a)
		}
	}
}

func (d *bureau) many(a *answered) {
	err := try(a.n)
	if err != nil {
		a.reply <- "failed"
	}
	if err == nil {
		a.reply <- "many"
	}
}

func (d *bureau) Ask(n int) string {
	a := &answered{make(chan string), n}
	d.asked <- a
	return <-a.reply
}

// Who asks this one waits for both answers.
type twofold9 struct{ reply chan string }

type office9 struct{ asked chan *twofold9 }

func NewOffice() *office9 {
	o := &office9{make(chan *twofold9)}
	go o.serve()
	return o
}

func (o *office9) serve() {
	for t := range o.asked {
		t.reply <- "wait"
		t.reply <- "done"
	}
}

func (o *office9) Ask() string {
	t := &twofold9{make(chan string)}
	o.asked <- t
	for {
		if r := <-t.reply; r != "wait" {
			return r
		}
	}
}

// Here the second goes to the next one.
type both struct{ first, second *twofold9 }

func (o *office9) sendBoth(p both) {
	p.first.reply <- "first"
	p.second.reply <- "second"
}

func (o *office9) AskBoth() {
	a, b := &twofold9{make(chan string)}, &twofold9{make(chan string)}
	go o.sendBoth(both{a, b})
	println(<-a.reply, <-b.reply)
}

// And here to who asks in the next round.
type number9 struct{ called chan int }

type booth9 struct{ queue []*number9 }

func (c *booth9) call() {
	n := 0
	for len(c.queue) > 0 {
		t := c.queue[0]
		c.queue = c.queue[1:]
		if n++; n%2 == 0 {
			t.called <- 0
			continue
		}
		t.called <- n
	}
}

func (c *booth9) Wait() int {
	t := &number9{make(chan int)}
	c.queue = append(c.queue, t)
	go c.call()
	return <-t.called
}
