package skips

import "sync"

// A loop that stops its own pool.
type pool struct {
	jobs chan int
	busy sync.WaitGroup
}

func (p *pool) work() {
	defer p.busy.Done()
	for j := range p.jobs {
		if err := try(j); err != nil {
			p.stop(true)
		}
	}
}

func (p *pool) stop(wait bool) {
	close(p.jobs)
	if wait {
		p.busy.Wait() // want `this Wait blocks forever in the goroutine of work, which comes here itself and is done with p.busy only when it ends`
	}
}

func Pool() {
	p := &pool{jobs: make(chan int)}
	p.busy.Add(1)
	go p.work()
	p.stop(true)
}

// A loop that knows that it must not wait for itself.
type patient struct {
	jobs chan int
	busy sync.WaitGroup
}

func (p *patient) work() {
	defer p.busy.Done()
	for j := range p.jobs {
		if err := try(j); err != nil {
			p.stop(false)
		}
	}
}

func (p *patient) stop(wait bool) {
	close(p.jobs)
	if wait {
		p.busy.Wait()
	}
}

func Patient() {
	p := &patient{jobs: make(chan int)}
	p.busy.Add(1)
	go p.work()
	p.stop(true)
}

// A node waits for the nodes below it, each of which is done itself.
type node struct {
	below []*node
	done  chan struct{}
}

func (n *node) run() {
	defer close(n.done)
	for _, b := range n.below {
		go b.run()
	}
	for _, b := range n.below {
		b.await()
	}
}

func (n *node) await() { <-n.done }

func Nodes() {
	n := &node{done: make(chan struct{}), below: []*node{{done: make(chan struct{})}}}
	go n.run()
	n.await()
}

// Another goroutine does the waiting.
type asked struct {
	jobs chan int
	done chan struct{}
}

func (a *asked) loop() {
	defer close(a.done)
	for j := range a.jobs {
		if try(j) != nil {
			go a.stop()
		}
	}
}

func (a *asked) stop() {
	close(a.jobs)
	<-a.done
}

func Asked() {
	a := &asked{make(chan int), make(chan struct{})}
	go a.loop()
	a.jobs <- 1
}

// front is done before it closes: what is deferred last runs first.
type front struct {
	in   chan int
	busy sync.WaitGroup
}

func (f *front) run() {
	defer f.close()
	defer f.busy.Done()
	for range f.in {
		f.busy.Add(1)
		go func() {
			defer f.busy.Done()
			try(1)
		}()
	}
}

func (f *front) close() { f.busy.Wait() }

func startFront(in chan int) *front {
	f := &front{in: in}
	f.busy.Add(1)
	go f.run()
	return f
}

// back closes first.
type back struct {
	in   chan int
	busy sync.WaitGroup
}

func (b *back) run() {
	defer b.busy.Done()
	defer b.close()
	for range b.in {
		try(1)
	}
}

func (b *back) close() {
	b.busy.Wait() // want `this Wait blocks forever in the goroutine of run, which comes here itself and is done with b.busy only when it ends`
}

func startBack(in chan int) *back {
	b := &back{in: in}
	b.busy.Add(1)
	go b.run()
	return b
}
