// Package lostgoroutine reports goroutines that can never end.
//
// # Analyzer lostgoroutine
//
// lostgoroutine: find goroutines that block forever
//
// A goroutine that waits for somebody who is gone is never collected: it keeps its
// stack (2 KiB at least), all that the stack points to, and its place in every
// goroutine dump, for each call that leaves one behind. A service that loses one per
// request runs out of memory days later, far from the cause.
//
// The check runs the paths of a function against the paths of the goroutines it
// starts and reports an operation if, in some order of events, nobody is left who
// could ever complete it. Channels that other code may know are not followed.
//
// The function may leave before it receives (abandoned-send). Reported at the send:
// "this send blocks forever when the select at line N takes another case: nobody
// receives from result and it has no buffer; the goroutine started at line M never
// ends". The fix is one element of buffer:
//
//	// WRONG
//	func fetch(ctx context.Context) (int, error) {
//		result := make(chan int)
//		go func() {
//			result <- compute()
//		}()
//		select {
//		case v := <-result:
//			return v, nil
//		case <-ctx.Done():
//			return 0, ctx.Err()
//		}
//	}
//
//	// RIGHT
//	func fetchBuffered(ctx context.Context) (int, error) {
//		result := make(chan int, 1)
//		go func() {
//			result <- compute()
//		}()
//		select {
//		case v := <-result:
//			return v, nil
//		case <-ctx.Done():
//			return 0, ctx.Err()
//		}
//	}
//
// A stream is abandoned: the caller leaves its loop early, and the goroutine that
// feeds it waits for ever (abandoned-send, too):
//
//	// WRONG
//	func numbers(n int) <-chan int {
//		c := make(chan int)
//		go func() {
//			defer close(c)
//			for i := range n {
//				c <- i
//			}
//		}()
//		return c
//	}
//
//	func firstOver(n, limit int) int {
//		for v := range numbers(n) {
//			if v > limit {
//				return v
//			}
//		}
//		return -1
//	}
//
//	// RIGHT
//	func numbersUntil(n int, stop <-chan struct{}) <-chan int {
//		c := make(chan int)
//		go func() {
//			defer close(c)
//			for i := range n {
//				select {
//				case c <- i:
//				case <-stop:
//					return
//				}
//			}
//		}()
//		return c
//	}
//
//	func firstOverUntil(n, limit int) int {
//		stop := make(chan struct{})
//		defer close(stop)
//		for v := range numbersUntil(n, stop) {
//			if v > limit {
//				return v
//			}
//		}
//		return -1
//	}
//
// Several goroutines send, but only the first value is received (first-wins):
//
//	// WRONG
//	func fastest(hosts []string) string {
//		first := make(chan string)
//		for _, h := range hosts {
//			go func() { first <- query(h) }()
//		}
//		return <-first
//	}
//
//	// RIGHT
//	func fastestBuffered(hosts []string) string {
//		first := make(chan string, len(hosts))
//		for _, h := range hosts {
//			go func() { first <- query(h) }()
//		}
//		return <-first
//	}
//
// A missing return sends twice (double-send):
//
//	// WRONG
//	func check() error {
//		errc := make(chan error)
//		go func() {
//			if err := work(); err != nil {
//				errc <- err
//			}
//			errc <- nil
//		}()
//		return <-errc
//	}
//
// Workers range over a channel that nobody closes (unclosed-range):
//
//	// WRONG
//	func each(jobs []int) {
//		ch := make(chan int)
//		for range 4 {
//			go func() {
//				for j := range ch {
//					handle(j)
//				}
//			}()
//		}
//		for _, j := range jobs {
//			ch <- j
//		}
//	}
//
//	// RIGHT
//	func eachClosed(jobs []int) {
//		ch := make(chan int)
//		defer close(ch)
//		for range 4 {
//			go func() {
//				for j := range ch {
//					handle(j)
//				}
//			}()
//		}
//		for _, j := range jobs {
//			ch <- j
//		}
//	}
//
// A return goes past the close that the caller waits for (lost-signal); defer it:
//
//	// WRONG
//	func wait() {
//		done := make(chan struct{})
//		go func() {
//			if work() != nil {
//				return
//			}
//			close(done)
//		}()
//		<-done
//	}
//
// Nothing in the package does the other half of an operation, and nobody else can
// (no-partner); the channel is always nil (nil-channel); an empty select in a
// goroutine, or a wait for a context that nothing cancels (no-exit):
//
//	// WRONG
//	type watcher struct{ events chan int }
//
//	func newWatcher() *watcher { return &watcher{make(chan int)} }
//
//	func (w *watcher) notify(e int) { w.events <- e }
//
//	func never() {
//		var c chan int
//		<-c
//	}
//
//	func park() {
//		go func() {
//			select {}
//		}()
//	}
//
// A return goes past Done (waitgroup); defer it:
//
//	// WRONG
//	func process(jobs []int) {
//		var wg sync.WaitGroup
//		for _, j := range jobs {
//			wg.Add(1)
//			go func() {
//				if j < 0 {
//					return
//				}
//				handle(j)
//				wg.Done()
//			}()
//		}
//		wg.Wait()
//	}
//
// Add counts all rounds of a loop, but Wait comes in the first (waitgroup):
//
//	// WRONG
//	func all(jobs []int) {
//		var wg sync.WaitGroup
//		wg.Add(len(jobs))
//		for _, j := range jobs {
//			go func() {
//				defer wg.Done()
//				handle(j)
//			}()
//			wg.Wait()
//		}
//	}
//
// Close waits for a goroutine that it tells to end only after that (waitgroup, or lost-signal if
// it waits for a channel that the goroutine closes):
//
//	// WRONG
//	func (x *indexer) Close() {
//		x.wg.Wait()
//		x.cancel()
//	}
//
// A function starts a goroutine that only one of its object's methods ends, and a caller
// returns without calling it; functions of other packages of the module count, too, and
// so do constructors that call such a function for the object which they return, or keep in it
// the function that ends the goroutine (contract):
//
//	// WRONG
//	type ticker struct{ stop context.CancelFunc }
//
//	func newTicker() *ticker {
//		ctx, cancel := context.WithCancel(context.Background())
//		go run(ctx)
//		return &ticker{cancel}
//	}
//
//	func run(ctx context.Context) { <-ctx.Done() }
//
//	func (t *ticker) close() { t.stop() }
//
//	func tick(name string) error {
//		t := newTicker()
//		if name == "" {
//			return errors.New("no name")
//		}
//		t.close()
//		return nil
//	}
//
//	// RIGHT
//	func tickAlways(name string) error {
//		t := newTicker()
//		defer t.close()
//		if name == "" {
//			return errors.New("no name")
//		}
//		return nil
//	}
//
// What ends the goroutine may also be a function that is returned for it:
//
//	// WRONG
//	func follow(next func() string) (lines <-chan string, stop func()) {
//		c := make(chan string)
//		over := make(chan struct{})
//		go func() {
//			for {
//				select {
//				case c <- next():
//				case <-over:
//					return
//				}
//			}
//		}()
//		return c, func() { close(over) }
//	}
//
//	func firstLine(next func() string) string {
//		lines, _ := follow(next)
//		return <-lines
//	}
//
//	// RIGHT
//	func oneLine(next func() string) string {
//		lines, stop := follow(next)
//		defer stop()
//		return <-lines
//	}
//
// A goroutine waits for its own end, for a channel that it closes or a Done that it calls
// when it returns (self-wait):
//
//	// WRONG
//	type server struct {
//		requests chan int
//		stopped  chan struct{}
//	}
//
//	func newServer() *server {
//		s := &server{make(chan int), make(chan struct{})}
//		go s.serve()
//		return s
//	}
//
//	func (s *server) serve() {
//		defer close(s.stopped)
//		for r := range s.requests {
//			if r < 0 {
//				s.stop()
//			}
//			handle(r)
//		}
//	}
//
//	func (s *server) stop() {
//		close(s.requests)
//		<-s.stopped
//	}
//
// A place in a semaphore is taken, and a path returns without giving it back, or the goroutine
// that is started with it does (lost-slot):
//
//	// WRONG
//	type limiter struct{ places chan struct{} }
//
//	func newLimiter() *limiter { return &limiter{make(chan struct{}, 8)} }
//
//	func (l *limiter) work() error {
//		l.places <- struct{}{}
//		if err := work(); err != nil {
//			return err
//		}
//		<-l.places
//		return nil
//	}
//
//	// RIGHT
//	func (l *limiter) workAlways() error {
//		l.places <- struct{}{}
//		defer func() { <-l.places }()
//		return work()
//	}
//
// A condition is waited for that nobody signals, or by a function that has not locked
// it (cond):
//
//	// WRONG
//	func (q *queue) take() {
//		q.mu.Lock()
//		for len(q.items) == 0 {
//			q.filled.Wait()
//		}
//		q.items = q.items[1:]
//		q.mu.Unlock()
//	}
//
//	func (q *queue) put(x int) {
//		q.mu.Lock()
//		q.items = append(q.items, x)
//		q.mu.Unlock()
//	}
//
// Who asks for something that changes without the lock of a condition, the end of a context or an
// atomic variable, and is about to wait, misses a Broadcast that is made without the lock, too (cond):
//
//	// WRONG
//	func (b *backlog) takeUntil(ctx context.Context) {
//		defer context.AfterFunc(ctx, b.filled.Broadcast)()
//		b.mu.Lock()
//		defer b.mu.Unlock()
//		for len(b.items) == 0 && ctx.Err() == nil {
//			b.filled.Wait()
//		}
//	}
//
//	// RIGHT
//	func (b *backlog) takeBefore(ctx context.Context) {
//		defer context.AfterFunc(ctx, func() {
//			b.mu.Lock()
//			defer b.mu.Unlock()
//			b.filled.Broadcast()
//		})()
//		b.mu.Lock()
//		defer b.mu.Unlock()
//		for len(b.items) == 0 && ctx.Err() == nil {
//			b.filled.Wait()
//		}
//	}
//
// Also reported: a channel that a function returns, and that its goroutine sends to, where a
// caller leaves without a receive from it (abandoned-send), or the function itself leaves without
// returning it, or the goroutine asks for the end of the caller's context, but not while it sends; a function that returns past the close of a channel which somebody ranges over, or
// the goroutines that it has started, or for an error past that of the channel which it is given
// (unclosed-range); a second answer on one path to a channel that was made for one (double-send); an Add without
// the goroutine that it counts, on a path (waitgroup); an answer that nobody gives, because the request is dropped for want of room or forgotten by who has taken it (lost-signal); rounds of a loop that go on
// without a Done though Add has counted them all (waitgroup), or without the goroutine that
// sends, where another loop receives as often (lost-signal); a Signal that wakes one of the
// goroutines a loop has started, where the flag that they wait for, or that ends their wait for
// work, stays set, or where each of them waits for something else that it is given, and a flag set by somebody who wakes nobody though a loop around Wait asks for
// it (cond); a sender in a loop whose only receiver leaves its own loop for an error that it met
// with itself, also one that is a function of another package of the module, a send to
// the loop of an object by a goroutine that does not ask whether the loop has ended, where
// another sender to it does, by a method that does not ask, where another one does for the same
// channel or by what the loop closes, and one to a loop that ends for an error and tells nobody who sends,
// or by a method that sends it word to end, also by a select that asks for something else than what the loop closes
// at its end (partner-exits); one who returns for an error without the close that those wait for who find its
// channel in a map (lost-signal); a goroutine that works by the clock for ever, or in a select in a loop without a way out, where one is started for every
// request or round of a loop without an end, where its ticker is stopped, which closes no
// channel, or where a method starts one for each name and Close does not end it, or for an
// element that is taken out of its map or slice again; one that a
// constructor starts and that does not listen to the channel which Close closes (no-exit); a
// break that leaves a select instead of the loop, or of the inner one of two, and a loop that
// goes on when its context is done, or in which what is tried fails from then on and only success leaves it
// (no-exit); a goroutine that waits for a context alone, to end an object that can end by itself
// (no-exit); the function that ends a context thrown away, if a helper of the module made
// the two and a goroutine works until then (contract); operations on a field that nothing ever
// sets, on one that some objects are made without, where others ask before or the function asks for
// another one that comes with it, on one that only an option sets, and on a variable
// that is made on one side of a condition only (nil-channel).
//
// Not reported: channels, wait groups and conditions that code outside the package
// may touch (exported fields, variables, parameters and results; values kept in an interface or given to
// functions of other packages, but for those of the module that keep none of the channels and
// wait groups that they get); a select that has a default,
// a timer or a context among its cases; sends that a buffer has room for; senders and
// receivers in loops whose counts may belong together in ways that do not show;
// goroutines that decide on a variable which the other one sets; servers of which a function
// waits for the first to fail, and that nothing there can end; what package main
// does in main and init; paths that end in a panic or in os.Exit. With -all, tests of
// other code and helpers that are given a test, or are in a folder below test or tests, in e2e or
// testutil, are looked at, whose goroutines end with it (a _test.go file that imports the
// standard library alone, in a package without other files, is itself what it is about); waits for
// a message that may not come are reported as well, senders that go on when a loop that
// receives has been left for whatever reason, all goroutines that wait for the clock in a loop without a way
// out, unless they are started once, and how many functions have more paths than the
// search follows (unexplored); of those of tests it follows fewer.
//
// To silence one finding, put a comment at the end of its line or above it:
//
//	ch <- v //nolint:lostgoroutine // lives as long as the process
package lostgoroutine
