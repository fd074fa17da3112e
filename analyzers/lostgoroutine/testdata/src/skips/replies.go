package skips

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// An answer that nobody waits for any more.
type question struct {
	n      int
	answer chan error
}

type oracle struct {
	questions chan question
	closed    chan struct{}
}

func (o *oracle) serve() {
	for q := range o.questions {
		q.answer <- try(q.n) // want `this send blocks forever when ask returns at line 34 without waiting for it: nobody else receives from q.answer and it has no buffer`
	}
}

func (o *oracle) ask(ctx context.Context, n int) error {
	q := question{n, make(chan error)}
	o.questions <- q
	select {
	case err := <-q.answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func Oracle(ctx context.Context) error {
	o := &oracle{questions: make(chan question)}
	go o.serve()
	defer close(o.questions)
	return o.ask(ctx, 1)
}

// There is room for the answer.
type patientQuestion struct {
	n      int
	answer chan error
}

func servePatiently(qs chan patientQuestion) {
	for q := range qs {
		q.answer <- try(q.n)
	}
}

func askPatiently(qs chan patientQuestion) error {
	q := patientQuestion{1, make(chan error, 1)}
	qs <- q
	select {
	case err := <-q.answer:
		return err
	case <-time.After(time.Second):
		return errBad
	}
}

func Patiently() error {
	qs := make(chan patientQuestion)
	go servePatiently(qs)
	defer close(qs)
	return askPatiently(qs)
}

// Who does not wait takes the answer all the same.
type drained struct {
	n      int
	answer chan error
}

func serveDrained(qs chan drained) {
	for q := range qs {
		q.answer <- try(q.n)
	}
}

func askDrained(qs chan drained) error {
	q := drained{1, make(chan error)}
	qs <- q
	select {
	case err := <-q.answer:
		return err
	case <-time.After(time.Second):
		go func() { <-q.answer }()
		return errBad
	}
}

func Drained() error {
	qs := make(chan drained)
	go serveDrained(qs)
	defer close(qs)
	return askDrained(qs)
}

// The one who answers says that it ends: then it does not send.
type ended struct {
	n      int
	answer chan error
}

type server2 struct {
	qs   chan ended
	over chan struct{}
}

func (s *server2) serve() {
	defer close(s.over)
	for q := range s.qs {
		if q.n < 0 {
			return
		}
		q.answer <- try(q.n)
	}
}

func (s *server2) ask(n int) error {
	q := ended{n, make(chan error)}
	s.qs <- q
	select {
	case err := <-q.answer:
		return err
	case <-s.over:
		return errBad
	}
}

func Ended() error {
	s := &server2{make(chan ended), make(chan struct{})}
	go s.serve()
	defer close(s.qs)
	return s.ask(1)
}

// A place is taken and given back under the same condition.
type some2 struct{ places chan struct{} }

func (s *some2) work(limited bool, n int) error {
	if limited {
		s.places <- struct{}{}
	}
	if err := try(n); err != nil {
		if limited {
			<-s.places
		}
		return err
	}
	if limited {
		<-s.places
	}
	return nil
}

func Limited(limited bool) error {
	s := &some2{make(chan struct{}, 2)}
	return s.work(limited, 1)
}

// Who is told of the error does not wait for the rest.
type teller struct {
	errs  chan error
	ready chan struct{}
}

func (t *teller) serve() {
	err := try(1)
	t.errs <- err
	if err != nil {
		return
	}
	close(t.ready)
}

func (t *teller) wait() error {
	if err := <-t.errs; err != nil {
		return err
	}
	<-t.ready
	return nil
}

func Teller() error {
	t := &teller{make(chan error), make(chan struct{})}
	go t.serve()
	return t.wait()
}

// A goroutine that counts itself by a method.
type group2 struct {
	mu   chan struct{}
	busy sync.WaitGroup
	over bool
}

func (g *group2) enter(n int) error {
	if g.over {
		return errBad
	}
	g.busy.Add(1)
	return try(n)
}

func (g *group2) run(n int) {
	if g.enter(n) != nil {
		return
	}
	fmt.Println(n)
	g.busy.Done()
}

func Group2() {
	g := new(group2)
	go g.run(1)
	g.busy.Wait()
}

// A board closes the channels of all that listen: whoever has one is among them.
type board struct {
	say  chan int
	add  chan listener
	over chan struct{}
}

type listener struct {
	c    chan<- int
	gone chan struct{}
}

func (l listener) tell(n int) bool {
	select {
	case <-l.gone:
		return false
	case l.c <- n:
		return true
	}
}

func (l listener) leave() { close(l.gone) }

func newBoard() board {
	say, add, over := make(chan int), make(chan listener), make(chan struct{})
	go func() {
		var all []listener
		for {
			select {
			case <-over:
				for _, l := range all {
					close(l.c)
				}
				return
			case n := <-say:
				still := all[:0]
				for _, l := range all {
					if l.tell(n) {
						still = append(still, l)
					}
				}
				all = still
			case l := <-add:
				all = append(all, l)
			}
		}
	}()
	return board{say, add, over}
}

func (b board) listen() (<-chan int, func()) {
	l := listener{gone: make(chan struct{})}
	c := make(chan int, 8)
	l.c = c
	b.add <- l
	return c, l.leave
}

func (b board) close() {
	defer close(b.over)
	b.over <- struct{}{}
}

type sum struct {
	n    int
	from <-chan int
	done chan struct{}
}

func (b board) total() *sum {
	c, leave := b.listen()
	s := &sum{from: c, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		defer leave()
		for n := range s.from {
			s.n += n
		}
	}()
	return s
}

func gatherAll() int {
	b := newBoard()
	s := b.total()
	b.say <- 1
	b.close()
	<-s.done
	return s.n
}
