package m

func local() {
	ch := make(chan int) // want `<0 send, recv>`
	go func() { ch <- 1 }()
	<-ch
}

type T struct {
	Public  chan int
	private chan int
}

func NewT(n int) *T {
	return &T{
		Public:  make(chan int), // want `<0 send; outside send recv close>`
		private: make(chan int), // want `<0 send, close; outside recv>`
	}
}

func (t *T) notify()          { t.Public <- 1 }
func (t *T) work()            { t.private <- 1; close(t.private) }
func (t *T) Done() <-chan int { return t.private }

func unexported(n int) chan int {
	return make(chan int, n) // want `<3 range>`
}

func caller() {
	for range unexported(3) {
	}
}

type sender interface{ send(ch chan int) }

type good struct{}

func (good) send(ch chan int) { ch <- 1 }

func throughInterface() {
	var s sender = good{}
	s.send(make(chan int, 1)) // want `<1 send>`
}

func unknown(s sender) {
	s.send(make(chan int, 2)) // want `<2; outside send recv close>`
}

func throughVariable(b bool) {
	f := func(ch chan int) { <-ch }
	if b {
		f = func(ch chan int) { close(ch) }
	}
	f(make(chan int, 4)) // want `<4 recv, close>`
}

func elements() {
	chans := []chan int{make(chan int, 5)} // want `<5 send, recv>`
	m := map[string]chan int{"a": chans[0]}
	for _, ch := range m {
		ch <- 1
	}
	select {
	case <-chans[0]:
	default:
	}
}

type event struct {
	done  chan struct{}
	inner struct{ more chan int }
}

func Ask(q chan event) {
	e := event{done: make(chan struct{})} // want `<0 recv; outside send recv close>`
	e.inner.more = make(chan int, 7)      // want `<7; outside send recv close>`
	q <- e
	<-e.done
}

type mine struct{ reply chan int }

func ask(q chan *mine) {
	m := &mine{make(chan int, 8)} // want `<8 send, recv>`
	q <- m
	<-m.reply
}

func unnamed() {
	q := make(chan struct{ c chan int }) // want `<0 send, recv>`
	go func() {
		x := <-q
		close(x.c)
	}()
	v := struct{ c chan int }{make(chan int)} // want `<0 recv, close>`
	q <- v
	<-v.c
}

type twin struct{ reply chan int }

func convert(m *mine) { (*twin)(m).reply <- 1 }

type plain struct{ c chan int }

type other struct{ c chan int }

func converted() {
	p := plain{make(chan int, 9)} // want `<9 send, recv>`
	o := other(p)
	o.c <- 1
	<-p.c
}

type source struct{ c chan int }

func (s source) Subscribe() <-chan int { return s.c }

func Register(add func(interface{ Subscribe() <-chan int })) {
	s := &source{make(chan int)} // want `<0 send; outside recv>`
	add(s)
	s.c <- 1
}

type base struct{ c chan int }

func (b *base) Subscribe() <-chan int { return b.c }

type derived struct{ *base }

func RegisterEmbedded(add func(interface{ Subscribe() <-chan int })) {
	d := derived{&base{make(chan int)}} // want `<0 send; outside recv>`
	add(d)
	d.c <- 1
}
