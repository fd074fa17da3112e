// Package a holds what is reported by default, one shape of each kind.
package a

import (
	"context"
	"errors"
	"sync"
	"time"
)

func compute() int       { return 1 }
func try() error         { return nil }
func use(...any)         {}
func query(s string) int { return len(s) }

func timer() (int, error) {
	result := make(chan int)
	go func() {
		v := compute()
		result <- v // want `this send blocks forever when the select at line 22 takes another case: nobody receives from result and it has no buffer; the goroutine started at line 18 never ends`
	}()
	select {
	case v := <-result:
		return v, nil
	case <-time.After(time.Second):
		return 0, errors.New("too late")
	}
}

func twoChannels(ctx context.Context) error {
	ok, errc := make(chan bool), make(chan error)
	go func() {
		if err := try(); err != nil {
			errc <- err // want `this send blocks forever when the select at line 39 takes another case: nobody receives from errc and it has no buffer; the goroutine started at line 32 never ends`
		} else {
			ok <- true // want `this send blocks forever when the select at line 39 takes another case: nobody receives from ok and it has no buffer; the goroutine started at line 32 never ends`
		}
	}()
	select {
	case <-ok:
		return nil
	case err := <-errc:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func early() error {
	ch := make(chan int)
	go func() { ch <- compute() }() // want `this send blocks forever when early returns at line 53: nobody receives from ch and it has no buffer; the goroutine started at line 51 never ends`
	if err := try(); err != nil {
		return err
	}
	use(<-ch)
	return nil
}

func oneExit(stop chan bool) {
	results := make(chan bool)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	go func() {
		results <- true // want `this send blocks forever when the select at line 67 takes another case: nobody receives from results and it has no buffer; the goroutine started at line 63 never ends`
		close(results)
	}()
	select {
	case <-stop:
	case <-results:
	case <-ctx.Done():
		<-results
	}
}

func namedFunction(ctx context.Context) {
	ch := make(chan int)
	go produce(ch)
	select {
	case <-ch:
	case <-ctx.Done():
	}
}

func produce(ch chan<- int) {
	ch <- compute() // want `this send blocks forever when the select at line 78 takes another case: nobody receives from ch and it has no buffer; the goroutine started at line 77 never ends`
}

func inGroup(ctx context.Context) {
	var wg sync.WaitGroup
	ch := make(chan int)
	wg.Go(func() { ch <- compute() }) // want `this send blocks forever when the select at line 92 takes another case: nobody receives from ch and it has no buffer; the goroutine started at line 91 never ends`
	select {
	case <-ch:
	case <-ctx.Done():
	}
}

func leavesRange(ctx context.Context) {
	ch := make(chan int, 6)
	go func() {
		defer close(ch)
		for i := 0; i < 8; i++ {
			ch <- i // want `this send blocks forever when leavesRange returns at line 109: nobody receives from ch and its buffer may be full; the goroutine started at line 100 never ends`
		}
	}()
	for range ch {
		select {
		case <-ctx.Done():
			return
		}
	}
}

func abandonedGenerator(ctx context.Context) {
	for v := range numbers() {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(v)):
		}
	}
}

func numbers() <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := range 10 {
			out <- i // want `this send blocks forever when abandonedGenerator returns at line 118: nobody receives from out and it has no buffer; the goroutine started at line 126 never ends`
		}
	}()
	return out
}

func firstOf(hosts []string) int {
	ch := make(chan int)
	for _, h := range hosts {
		go func() { ch <- query(h) }() // want `of the goroutines started at line 138, all but 1 block forever at this send: firstOf receives from ch no more often and it has no buffer`
	}
	return <-ch
}

func firstError(fns []func() error) error {
	errc := make(chan error)
	for _, f := range fns {
		go func() { errc <- f() }() // want `of the goroutines started at line 146, all but 1 block forever at this send: firstError receives from errc no more often and it has no buffer`
	}
	for range fns {
		if err := <-errc; err != nil {
			return err
		}
	}
	return nil
}

func missingReturn(ch chan int, err error) {
	if err != nil {
		ch <- 0
	}
	ch <- 1 // want `this send blocks forever after an earlier one on the same path: nobody receives from ch again and it has no buffer; the goroutine started at line 165 never ends`
}

func callsMissingReturn(err error) int {
	ch := make(chan int)
	go missingReturn(ch, err)
	return <-ch
}

func neverClosed(jobs []int) {
	ch := make(chan int)
	for range 3 {
		go worker(ch)
	}
	for _, j := range jobs {
		ch <- j
	}
}

func worker(ch <-chan int) {
	for j := range ch { // want `this range never ends once neverClosed returns: nobody closes ch; the goroutine started at line 172 never ends`
		use(j)
	}
}

func skipsClose() {
	done := make(chan struct{})
	go func() {
		if err := try(); err != nil {
			use(err)
			return
		}
		close(done)
	}()
	compute()
	<-done // want `this receive blocks forever when the goroutine started at line 187 returns at line 190: nobody sends to done or closes it`
}

type stopper struct {
	quiesce chan struct{}
	drain   sync.WaitGroup
}

func newStopper() *stopper { return &stopper{quiesce: make(chan struct{})} }

func (s *stopper) shouldQuiesce() <-chan struct{} { return s.quiesce }

func (s *stopper) start() {
	s.drain.Add(1)
	go func() {
		<-s.shouldQuiesce() // want `this receive blocks forever: nothing sends to the channel or closes it`
	}()
}

func (s *stopper) stop() {
	s.drain.Wait() // want `this Wait never returns once Add has been called: nothing calls Done on s\.drain`
}

func waitsBeforeReceive() {
	ch := make(chan int)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		ch <- compute() // want `this send blocks forever while waitsBeforeReceive waits at line 226: nobody receives from ch and it has no buffer; the goroutine started at line 222 never ends`
	}()
	wg.Wait()
	<-ch
}

func nobodySelects() {
	a, b := make(chan int), make(chan int)
	go func() {
		select { // want `this select blocks forever: none of its channels has anybody at the other end`
		case a <- 1:
		case <-b:
		}
	}()
}

func nilSend() {
	var c chan int
	c <- 1 // want `this send blocks forever: c is always nil`
}

func waitsUnlocked() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	go func() {
		cond.Wait() // want `this Wait may miss its signal and block forever: the function literal neither locks cond\.L nor checks a condition in a loop`
	}()
	cond.Signal()
}

func noDone() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if compute() > 1 {
			return
		}
		wg.Done()
	}()
	wg.Wait() // want `this Wait never returns when the goroutine started at line \d+ returns at line \d+: not every Add is matched by a Done`
}

func noDoneInLoop(items []int) {
	var wg sync.WaitGroup
	for range items {
		wg.Add(1)
		go func() {
			if compute() > 1 {
				return
			}
			wg.Done()
		}()
	}
	wg.Wait() // want `this Wait never returns when the goroutine started at line \d+ returns at line \d+: not every Add is matched by a Done`
}

func nilCaptured() {
	var c chan int
	go func() {
		c <- 1 // want `this send blocks forever: c is always nil`
	}()
}

type request struct {
	id    int
	reply chan int
}

func fieldAbandoned(stop chan bool) int {
	r := &request{id: 1, reply: make(chan int)}
	go func() {
		r.reply <- compute() // want `this send blocks forever when the select at line \d+ takes another case: nobody receives from r.reply and it has no buffer; the goroutine started at line \d+ never ends`
	}()
	select {
	case v := <-r.reply:
		return v
	case <-stop:
		return 0
	}
}

type batch struct {
	in   chan int
	done chan bool
	sum  int
}

func newBatch() *batch {
	b := &batch{in: make(chan int), done: make(chan bool)}
	go b.run()
	return b
}

func (b *batch) run() {
	for v := range b.in { // want `this range never ends when sumOf returns at line \d+: nobody closes b.in; the goroutine started at line \d+ never ends`
		b.sum += v
	}
	close(b.done)
}

func sumOf(vs []int) int {
	b := newBatch()
	for _, v := range vs {
		if v < 0 {
			return v
		}
		b.in <- v
	}
	close(b.in)
	<-b.done
	return b.sum
}

func counting(n int) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := 0; i < n; i++ {
			c <- i // want `this send blocks forever when firstOver returns at line \d+: nobody receives from c and it has no buffer; the goroutine started at line \d+ never ends`
		}
	}()
	return c
}

func firstOver(n, limit int) int {
	for v := range counting(n) {
		if v > limit {
			return v
		}
	}
	return -1
}

func lines(s interface {
	Scan() bool
	Text() string
}) <-chan string {
	c := make(chan string)
	go func() {
		for s.Scan() {
			c <- s.Text()
		}
		close(c)
	}()
	return c
}

func lengths(in <-chan string) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for v := range in {
			out <- len(v) // want `this send blocks forever when upTo returns at line \d+: nobody receives from out and it has no buffer; the goroutine started at line \d+ never ends`
		}
	}()
	return out
}

func upTo(s interface {
	Scan() bool
	Text() string
}, limit int) (sum int) {
	for n := range lengths(lines(s)) {
		if sum += n; sum > limit {
			break
		}
	}
	return sum
}

func feed(items []int, out chan<- int, errs chan<- error) {
	for _, it := range items {
		if err := try(); err != nil {
			errs <- err // want `this send blocks forever while drain waits at line \d+: nobody receives from errs and it has no buffer; the goroutine started at line \d+ never ends`
			return
		}
		out <- it
	}
	close(out)
}

func drain(items []int) error {
	out, errs := make(chan int), make(chan error)
	go feed(items, out, errs)
	for range out {
	}
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}

// A goroutine that only waits for ever is lost, however plain it is.
func idle() {
	go func() {
		<-make(chan int) // want `this receive blocks forever: nothing sends to`
	}()
}

// The only call of cancel comes after the wait that it would end.
type rows struct{ cancel context.CancelFunc }

func (r *rows) start() {
	var ctx context.Context
	ctx, r.cancel = context.WithCancel(context.Background())
	go r.awaitDone(ctx) // want `this goroutine never ends: it waits for the end of a context at line \d+ that nothing cancels`
}

func (r *rows) awaitDone(ctx context.Context) {
	<-ctx.Done()
	r.cancel()
}

// A loop that nothing ends, though it has something to do.
type printer struct {
	jobs, quit chan int
}

func newPrinter() *printer {
	jobs, quit := make(chan int), make(chan int)
	p := &printer{jobs, quit}
	go func() { // want `this goroutine never ends: it waits for quit at line \d+, which nothing closes or sends to`
		for {
			select {
			case j := <-jobs:
				use(j)
			case <-quit:
				return
			}
		}
	}()
	return p
}

func (p *printer) print(j int) {
	select {
	case p.jobs <- j:
	default:
	}
}

// What would end the wait comes after the wait for it.
func cancelsLate(ctx context.Context) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		<-ctx.Done() // want `this receive blocks forever while cancelsLate waits at line \d+: nobody cancels the context; the goroutine started at line \d+ never ends`
	}()
	wg.Wait()
	cancel()
}

// The first error ends the dispatch, and no worker is told.
func dispatch(jobs []int, n int) error {
	queue := make(chan int)
	errs := make(chan error, n)
	for range n {
		go func() {
			for j := range queue { // want `this range never ends when .* at line \d+.*: nobody closes queue; the goroutine started at line \d+ never ends`
				if err := try(); err != nil {
					errs <- err
					return
				}
				use(j)
			}
		}()
	}
	for _, j := range jobs {
		select {
		case err := <-errs:
			return err
		case queue <- j:
		}
	}
	close(queue)
	return nil
}

// Room for one, a receiver for one.
func flushAll(parts []string) error {
	errc := make(chan error, 1)
	for _, p := range parts {
		go func() {
			if query(p) == 0 {
				errc <- try() // want `of the goroutines started at line \d+, all but 2 block forever at this send: flushAll receives from errc no more often and its buffer may be full`
				return
			}
			errc <- nil // want `of the goroutines started at line \d+, all but 2 block forever at this send: flushAll receives from errc no more often and its buffer may be full`
		}()
	}
	return <-errc
}
