package exits

import "sync"

type kind int

const (
	fruit kind = iota
	leaf
	shut
)

type order struct {
	kind kind
	n    int
}

// A press squeezes what it is allowed to. When it is shut, nobody tells the one who squeezes.
type press struct {
	orders  chan order
	tickets chan int
	done    chan struct{}
	wg      sync.WaitGroup
	juice   int
}

func startPress(want int) *press {
	p := &press{orders: make(chan order, 4), tickets: make(chan int), done: make(chan struct{})}
	p.wg.Add(2)
	go p.read()
	go p.squeeze(want)
	return p
}

func (p *press) read() {
	defer p.wg.Done()
	defer close(p.done)
	for o := range p.orders {
		switch o.kind {
		case fruit:
			p.tickets <- o.n
		case shut:
			return
		}
	}
}

func (p *press) squeeze(want int) {
	defer p.wg.Done()
	for p.juice < want {
		n := <-p.tickets // want `this receive blocks forever once read has returned at line 43: nobody else sends to p.tickets or closes it`
		p.juice += n
	}
}

func (p *press) wait() int {
	p.wg.Wait()
	<-p.done
	return p.juice
}

// The last ticket says that it is the last.
type mill struct {
	orders  chan order
	tickets chan int
	wg      sync.WaitGroup
	flour   int
}

func startMill(want int) *mill {
	m := &mill{orders: make(chan order, 4), tickets: make(chan int)}
	m.wg.Add(2)
	go m.read()
	go m.grind(want)
	return m
}

func (m *mill) read() {
	defer m.wg.Done()
	for o := range m.orders {
		switch o.kind {
		case fruit:
			m.tickets <- o.n
		case shut:
			m.tickets <- -1
			return
		}
	}
}

func (m *mill) grind(want int) {
	defer m.wg.Done()
	for m.flour < want {
		n := <-m.tickets
		if n < 0 {
			return
		}
		m.flour += n
	}
}

// Who shakes says what comes next, and with what it ends.
type tree struct {
	orders chan order
	fruits chan order
	wg     sync.WaitGroup
	n      int
}

func startTree() *tree {
	t := &tree{orders: make(chan order, 4), fruits: make(chan order)}
	t.wg.Add(2)
	go t.shake()
	go t.gather()
	return t
}

func (t *tree) shake() {
	defer t.wg.Done()
	for o := range t.orders {
		if o.kind == shut {
			return
		}
		t.fruits <- o
	}
}

func (t *tree) gather() {
	defer t.wg.Done()
	for {
		o := <-t.fruits
		if o.n == 0 {
			return
		}
		t.n += o.n
	}
}

// Who squeezes has told the reader that it has enough.
type still struct {
	orders  chan order
	tickets chan int
	wg      sync.WaitGroup
	drops   int
}

func startStill(want int) *still {
	s := &still{orders: make(chan order, 4), tickets: make(chan int)}
	s.wg.Add(2)
	go s.read()
	go s.distil(want)
	return s
}

func (s *still) read() {
	defer s.wg.Done()
	for o := range s.orders {
		switch o.kind {
		case fruit:
			s.tickets <- o.n
		case shut:
			return
		}
	}
}

func (s *still) distil(want int) {
	defer s.wg.Done()
	for s.drops < want {
		s.drops += <-s.tickets
	}
	s.orders <- order{kind: shut}
}

// Another reader comes for the next delivery.
type store struct {
	tickets chan int
	wg      sync.WaitGroup
	n       int
}

func startStore(want int) *store {
	s := &store{tickets: make(chan int)}
	s.wg.Add(1)
	go s.fill(want)
	return s
}

func (s *store) deliver(orders <-chan order) {
	go s.read(orders)
}

func (s *store) read(orders <-chan order) {
	for o := range orders {
		if o.kind == shut {
			return
		}
		s.tickets <- o.n
	}
}

func (s *store) fill(want int) {
	defer s.wg.Done()
	for s.n < want {
		s.n += <-s.tickets
	}
}

// The reader says that it leaves where the other one looks.
type silo struct {
	mu      sync.Mutex
	orders  chan order
	tickets chan int
	closed  bool
	wg      sync.WaitGroup
	n       int
}

func startSilo() *silo {
	s := &silo{orders: make(chan order, 4), tickets: make(chan int)}
	s.wg.Add(2)
	go s.read()
	go s.fill()
	return s
}

func (s *silo) read() {
	defer s.wg.Done()
	for o := range s.orders {
		if o.kind == shut {
			return
		}
		if o.kind == leaf {
			s.mu.Lock()
			s.closed = true
			s.mu.Unlock()
		}
		s.tickets <- o.n
	}
}

func (s *silo) fill() {
	defer s.wg.Done()
	for !s.isClosed() {
		s.n += <-s.tickets
	}
}

func (s *silo) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// The reader is told to end by who has waited for the other one.
type vat struct {
	orders  chan order
	tickets chan int
	stop    chan struct{}
	wg      sync.WaitGroup
	n       int
}

func startVat(want int) *vat {
	v := &vat{orders: make(chan order, 4), tickets: make(chan int), stop: make(chan struct{})}
	v.wg.Add(1)
	go v.read()
	go v.fill(want)
	return v
}

func (v *vat) read() {
	for {
		select {
		case o := <-v.orders:
			v.tickets <- o.n
		case <-v.stop:
			return
		}
	}
}

func (v *vat) fill(want int) {
	defer v.wg.Done()
	for v.n < want {
		v.n += <-v.tickets
	}
}

func Presses(orders []order) {
	p, m, t, s, v, st, si := startPress(3), startMill(3), startTree(), startStill(3), startVat(3), startStore(3), startSilo()
	in := make(chan order)
	st.deliver(in)
	for _, o := range orders {
		p.orders <- o
		m.orders <- o
		t.orders <- o
		s.orders <- o
		v.orders <- o
		si.orders <- o
		in <- o
	}
	close(p.orders)
	close(m.orders)
	close(t.orders)
	close(si.orders)
	close(in)
	p.wait()
	m.wg.Wait()
	t.wg.Wait()
	s.wg.Wait()
	st.wg.Wait()
	si.wg.Wait()
	v.wg.Wait()
	close(v.stop)
}
