package a

import "sync"

type worker struct {
	mu   sync.Mutex
	jobs chan int
	done chan struct{}
	n    int
}

func startWorker() *worker {
	w := &worker{jobs: make(chan int, 8), done: make(chan struct{})}
	go w.loop()
	return w
}

func (w *worker) loop() {
	defer close(w.done)
	for j := range w.jobs {
		w.mu.Lock()
		w.n += j
		w.mu.Unlock()
	}
}

func (w *worker) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.jobs)
	<-w.done // want `this receive waits while w.mu is held since line 28, and the close on line 19 needs that lock first: both wait for ever`
}

// It waits when it has let go.
func (w *worker) stopWell() {
	w.mu.Lock()
	close(w.jobs)
	w.mu.Unlock()
	<-w.done
}

type feed struct {
	mu  sync.Mutex
	out chan int
	n   int
}

func runFeed() {
	f := &feed{out: make(chan int)}
	go func() {
		for {
			f.handle(<-f.out)
		}
	}()
	f.send(1)
	f.send(2)
}

func (f *feed) handle(v int) {
	f.mu.Lock()
	f.n += v
	f.mu.Unlock()
}

func (f *feed) send(v int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.out <- v // want `this send waits while f.mu is held since line 66, and the receive on line 52 needs that lock first: both wait for ever`
}

// The receiver takes another lock.
type stream struct {
	mu, stats sync.Mutex
	out       chan int
	n         int
}

func runStream() {
	s := &stream{out: make(chan int)}
	go func() {
		for v := range s.out {
			s.stats.Lock()
			s.n += v
			s.stats.Unlock()
		}
	}()
	s.mu.Lock()
	s.out <- 1
	s.mu.Unlock()
}

// The lock is taken before there is anybody to wait.
func startsLater() {
	var mu sync.Mutex
	c := make(chan int)
	mu.Lock()
	mu.Unlock()
	go func() {
		mu.Lock()
		defer mu.Unlock()
		c <- 1
	}()
	<-c
}

func startsEarlier() {
	var mu sync.Mutex
	c := make(chan int)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		c <- 1 // want `this send waits while mu is held since line 110, and the receive on line 116 needs that lock first: both wait for ever`
	}()
	mu.Lock()
	mu.Unlock()
	<-c
}

// Another case of the select goes on without the lock.
func selects(stop chan struct{}) {
	var mu sync.Mutex
	c := make(chan int)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		select {
		case c <- 1:
		case <-stop:
		}
	}()
	mu.Lock()
	mu.Unlock()
	<-c
}

type pool struct {
	mu sync.Mutex
	wg sync.WaitGroup
	n  int
}

func (p *pool) work() {
	defer p.wg.Done()
	p.mu.Lock()
	p.n++
	p.mu.Unlock()
}

func (p *pool) run() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for range 3 {
		p.wg.Add(1)
		go p.work()
	}
	p.wg.Wait() // want `this Wait waits while p.mu is held since line 150, and the Done on line 143 needs that lock first: both wait for ever`
}

type inbox struct {
	mu    sync.Mutex
	state sync.Mutex
	cond  *sync.Cond
	n     int
}

func newInbox() *inbox {
	b := new(inbox)
	b.cond = sync.NewCond(&b.mu)
	return b
}

func (b *inbox) get() int {
	b.state.Lock()
	defer b.state.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.n == 0 {
		b.cond.Wait() // want `this Wait waits while b.state is held since line 173, and the Signal on line 187 needs that lock first: both wait for ever`
	}
	return b.n
}

func (b *inbox) put() {
	b.state.Lock()
	b.mu.Lock()
	b.n++
	b.cond.Signal()
	b.mu.Unlock()
	b.state.Unlock()
}

// The lock of the condition itself is released meanwhile.
func (b *inbox) wait() {
	b.mu.Lock()
	for b.n == 0 {
		b.cond.Wait()
	}
	b.mu.Unlock()
}
