package doc

import (
	"context"
	"errors"
	"sync"
)

// What the examples need.
func compute() int          { return 1 }
func query(h string) string { return h }
func work() error           { return nil }
func handle(int)            {}

type queue struct {
	mu     sync.Mutex
	filled *sync.Cond
	items  []int
}

func newQueue() *queue {
	q := new(queue)
	q.filled = sync.NewCond(&q.mu)
	return q
}

// WRONG
func fetch(ctx context.Context) (int, error) {
	result := make(chan int)
	go func() {
		result <- compute() // want `this send blocks forever when the select at line \d+ takes another case: nobody receives from result and it has no buffer; the goroutine started at line \d+ never ends`
	}()
	select {
	case v := <-result:
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// RIGHT
func fetchBuffered(ctx context.Context) (int, error) {
	result := make(chan int, 1)
	go func() {
		result <- compute()
	}()
	select {
	case v := <-result:
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// WRONG
func fastest(hosts []string) string {
	first := make(chan string)
	for _, h := range hosts {
		go func() { first <- query(h) }() // want `of the goroutines started at line \d+, all but 1 block forever at this send: fastest receives from first no more often and it has no buffer`
	}
	return <-first
}

// RIGHT
func fastestBuffered(hosts []string) string {
	first := make(chan string, len(hosts))
	for _, h := range hosts {
		go func() { first <- query(h) }()
	}
	return <-first
}

// WRONG
func check() error {
	errc := make(chan error)
	go func() {
		if err := work(); err != nil {
			errc <- err
		}
		errc <- nil // want `this send blocks forever after an earlier one on the same path: nobody receives from errc again and it has no buffer; the goroutine started at line \d+ never ends`
	}()
	return <-errc
}

// WRONG
func each(jobs []int) {
	ch := make(chan int)
	for range 4 {
		go func() {
			for j := range ch { // want `this range never ends once each returns: nobody closes ch; the goroutine started at line \d+ never ends`
				handle(j)
			}
		}()
	}
	for _, j := range jobs {
		ch <- j
	}
}

// RIGHT
func eachClosed(jobs []int) {
	ch := make(chan int)
	defer close(ch)
	for range 4 {
		go func() {
			for j := range ch {
				handle(j)
			}
		}()
	}
	for _, j := range jobs {
		ch <- j
	}
}

// WRONG
func wait() {
	done := make(chan struct{})
	go func() {
		if work() != nil {
			return
		}
		close(done)
	}()
	<-done // want `this receive blocks forever when the goroutine started at line \d+ returns at line \d+: nobody sends to done or closes it`
}

// WRONG
type watcher struct{ events chan int }

func newWatcher() *watcher { return &watcher{make(chan int)} }

func (w *watcher) notify(e int) { w.events <- e } // want `this send blocks forever: nothing receives from w\.events and it has no buffer`

func never() {
	var c chan int
	<-c // want `this receive blocks forever: c is always nil`
}

func park() {
	go func() {
		select {} // want `this select without cases blocks its goroutine forever`
	}()
}

// WRONG
func all(jobs []int) {
	var wg sync.WaitGroup
	wg.Add(len(jobs))
	for _, j := range jobs {
		go func() {
			defer wg.Done()
			handle(j)
		}()
		wg.Wait() // want `this Wait blocks forever in the first round of the loop: Add has counted all rounds, but their goroutines are not started yet, so wg never gets to zero`
	}
}

// WRONG
func (q *queue) take() {
	q.mu.Lock()
	for len(q.items) == 0 {
		q.filled.Wait() // want `this Wait never returns: nothing calls Signal or Broadcast on q\.filled`
	}
	q.items = q.items[1:]
	q.mu.Unlock()
}

func (q *queue) put(x int) {
	q.mu.Lock()
	q.items = append(q.items, x)
	q.mu.Unlock()
}

// WRONG
func numbers(n int) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range n {
			c <- i // want `this send blocks forever when firstOver returns at line \d+: nobody receives from c and it has no buffer; the goroutine started at line \d+ never ends`
		}
	}()
	return c
}

func firstOver(n, limit int) int {
	for v := range numbers(n) {
		if v > limit {
			return v
		}
	}
	return -1
}

// RIGHT
func numbersUntil(n int, stop <-chan struct{}) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range n {
			select {
			case c <- i:
			case <-stop:
				return
			}
		}
	}()
	return c
}

func firstOverUntil(n, limit int) int {
	stop := make(chan struct{})
	defer close(stop)
	for v := range numbersUntil(n, stop) {
		if v > limit {
			return v
		}
	}
	return -1
}

// WRONG
func process(jobs []int) {
	var wg sync.WaitGroup
	for _, j := range jobs {
		wg.Add(1)
		go func() {
			if j < 0 {
				return
			}
			handle(j)
			wg.Done()
		}()
	}
	wg.Wait() // want `this Wait never returns when the goroutine started at line \d+ returns at line \d+: not every Add is matched by a Done`
}

// WRONG
type ticker struct{ stop context.CancelFunc }

func newTicker() *ticker { // want newTicker:`starts a goroutine that close of 0 ends`
	ctx, cancel := context.WithCancel(context.Background())
	go run(ctx)
	return &ticker{cancel}
}

func run(ctx context.Context) { <-ctx.Done() }

func (t *ticker) close() { t.stop() }

func tick(name string) error {
	t := newTicker() // want `newTicker starts a goroutine that ends only after close: tick returns at line \d+ without calling it, and nobody else can`
	if name == "" {
		return errors.New("no name")
	}
	t.close()
	return nil
}

// RIGHT
func tickAlways(name string) error {
	t := newTicker()
	defer t.close()
	if name == "" {
		return errors.New("no name")
	}
	return nil
}

// WRONG
func follow(next func() string) (lines <-chan string, stop func()) { // want follow:`starts a goroutine that result 1 ends`
	c := make(chan string)
	over := make(chan struct{})
	go func() {
		for {
			select {
			case c <- next():
			case <-over:
				return
			}
		}
	}()
	return c, func() { close(over) }
}

func firstLine(next func() string) string {
	lines, _ := follow(next) // want `follow starts a goroutine that ends only after a call of the function that it returns: firstLine returns at line \d+ without calling it, and nobody else can`
	return <-lines
}

// RIGHT
func oneLine(next func() string) string {
	lines, stop := follow(next)
	defer stop()
	return <-lines
}

// WRONG
type server struct {
	requests chan int
	stopped  chan struct{}
}

func newServer() *server {
	s := &server{make(chan int), make(chan struct{})}
	go s.serve()
	return s
}

func (s *server) serve() {
	defer close(s.stopped)
	for r := range s.requests {
		if r < 0 {
			s.stop()
		}
		handle(r)
	}
}

func (s *server) stop() {
	close(s.requests)
	<-s.stopped // want `this receive blocks forever in the goroutine of serve, which comes here itself and closes s.stopped only when it ends`
}

// WRONG
type limiter struct{ places chan struct{} }

func newLimiter() *limiter { return &limiter{make(chan struct{}, 8)} }

func (l *limiter) work() error {
	l.places <- struct{}{} // want `the place taken here is not given back on a path to the return at line \d+: when l.places has no room left, this blocks forever`
	if err := work(); err != nil {
		return err
	}
	<-l.places
	return nil
}

// RIGHT
func (l *limiter) workAlways() error {
	l.places <- struct{}{}
	defer func() { <-l.places }()
	return work()
}

// WRONG
func (b *backlog) takeUntil(ctx context.Context) {
	defer context.AfterFunc(ctx, b.filled.Broadcast)() // want `this Broadcast is made without the lock of the condition: who asked at line \d+ a moment ago, and is about to wait, misses it and waits on; take the lock around it`
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) == 0 && ctx.Err() == nil {
		b.filled.Wait()
	}
}

// RIGHT
func (b *backlog) takeBefore(ctx context.Context) {
	defer context.AfterFunc(ctx, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.filled.Broadcast()
	})()
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) == 0 && ctx.Err() == nil {
		b.filled.Wait()
	}
}

type backlog struct {
	mu     sync.Mutex
	filled *sync.Cond
	items  []int
}

func newBacklog() *backlog {
	b := new(backlog)
	b.filled = sync.NewCond(&b.mu)
	return b
}

type indexer struct {
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

func newIndexer() *indexer { // want newIndexer:`starts a goroutine that Close of 0 ends`
	x := &indexer{}
	x.ctx, x.cancel = context.WithCancel(context.Background())
	x.wg.Add(1)
	go func() {
		defer x.wg.Done()
		<-x.ctx.Done()
	}()
	return x
}

func (x *indexer) Close() {
	x.wg.Wait() // want `this Wait never returns: it waits for the goroutine started at line \d+, which ends only when its context is cancelled`
	x.cancel()
}
