package skips

// box has a channel that its constructor has forgotten.
type box struct {
	in   chan int
	fail chan error
	gone chan struct{}
	hook chan int
}

func newBox() *box {
	b := &box{in: make(chan int), gone: make(chan struct{})}
	go b.loop()
	return b
}

func (b *box) loop() {
	defer close(b.gone)
	for v := range b.in {
		if v < 0 {
			b.fail <- errNegative // want `this send blocks forever: nothing ever sets b.fail, so that it is nil`
			return
		}
		if b.hook != nil {
			b.hook <- v
		}
	}
}

func (b *box) wait() error {
	return <-b.fail // want `this receive blocks forever: nothing ever sets b.fail, so that it is nil`
}

func (b *box) put(v int) {
	select {
	case b.in <- v:
	case <-b.fail: // never chosen
	case <-b.gone:
	}
}

// crate gets its channel later.
type crate struct{ out chan int }

func (c *crate) open() { c.out = make(chan int, 1) }
func (c *crate) put()  { c.out <- 1 }
func (c *crate) take() int {
	return <-c.out
}

// request is only made by a function that nobody calls.
type request struct{ answer chan int }

func unusedAsk(out chan any) int {
	answer := make(chan int, 1)
	out <- &request{answer: answer}
	return <-answer
}

func serveRequests(in chan any) {
	for v := range in {
		if r, ok := v.(*request); ok {
			r.answer <- 1
		}
	}
}

func ServeNothing() {
	in := make(chan any, 1)
	go serveRequests(in)
	in <- 1
	close(in)
}

func useBoxes() int {
	b := newBox()
	b.put(1)
	close(b.in)
	c := new(crate)
	c.open()
	c.put()
	return c.take()
}

var errNegative error
