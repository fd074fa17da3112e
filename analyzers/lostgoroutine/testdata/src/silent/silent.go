// Package silent holds corrected twins of known leaks, and other code that is not to be reported.
package silent

import (
	"context"
	"errors"
	"log"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

func compute() int       { return 1 }
func try() error         { return nil }
func use(...any)         {}
func query(s string) int { return len(s) }

// A buffer takes the value that nobody waits for.
func timeoutBuffered(ctx context.Context) {
	ch := make(chan int, 1)
	go func() { ch <- compute() }()
	select {
	case <-ch:
	case <-ctx.Done():
	}
}

// One channel per round, each with a buffer.
func perRound(stop chan bool) {
	for {
		done := make(chan bool, 1)
		go func() {
			if compute() > 7 {
				done <- false
				return
			}
			done <- true
		}()
		select {
		case <-stop:
			return
		case <-done:
		}
	}
}

// Every exit of the select drains.
func drains(stop chan bool) {
	results := make(chan bool)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	go func() {
		results <- true
		close(results)
	}()
	select {
	case <-stop:
		<-results
	case <-results:
	case <-ctx.Done():
		<-results
	}
}

// The sender watches the same context.
func bothWatch(ctx context.Context) int {
	ch := make(chan int)
	go func() {
		select {
		case ch <- compute():
		case <-ctx.Done():
		}
	}()
	select {
	case v := <-ch:
		return v
	case <-ctx.Done():
		return 0
	}
}

// A deferred receive comes on all paths.
func deferredReceive(err error) {
	ch := make(chan int)
	go func() { ch <- compute() }()
	defer func() { <-ch }()
	if err != nil {
		return
	}
	compute()
}

// A path that ends the process leaves nobody behind.
func fatal(err error) {
	ch := make(chan int)
	go func() { ch <- compute() }()
	if err != nil {
		log.Fatal(err)
	}
	<-ch
}

func panics(err error) {
	ch := make(chan int)
	go func() { ch <- compute() }()
	if err != nil {
		panic(err)
	}
	<-ch
}

// The same condition starts the sender and receives.
func correlated(async bool) {
	ch := make(chan int)
	if async {
		go func() { ch <- compute() }()
	}
	compute()
	if async {
		<-ch
	}
}

func correlatedByNil(err error) {
	var ch chan int
	if err == nil {
		ch = make(chan int)
		go func() { ch <- compute() }()
	}
	if err != nil {
		return
	}
	<-ch
}

func correlatedByFlag(n int) {
	ch := make(chan int)
	started := false
	if n > 3 {
		started = true
		go func() { ch <- compute() }()
	}
	if started {
		<-ch
	}
}

// As many receives as senders.
func counted(items []string) (sum int) {
	ch := make(chan int)
	for _, s := range items {
		go func() { ch <- query(s) }()
	}
	for range items {
		sum += <-ch
	}
	return sum
}

func countedConst() {
	ch := make(chan int)
	for i := 0; i < 3; i++ {
		go func() { ch <- i }()
	}
	for i := 0; i < 3; i++ {
		use(<-ch)
	}
}

func countedInt(n int) {
	ch := make(chan int)
	for range n {
		go func() { ch <- 1 }()
	}
	for range n {
		<-ch
	}
}

func countedByVariable(items []string) {
	ch := make(chan int)
	n := 0
	for _, s := range items {
		if s == "" {
			continue
		}
		n++
		go func() { ch <- query(s) }()
	}
	for i := 0; i < n; i++ {
		<-ch
	}
}

func countedInside(items []string) {
	ch := make(chan int)
	for _, s := range items {
		go func() { ch <- query(s) }()
	}
	got := 0
	for {
		<-ch
		if got++; got == len(items) {
			return
		}
	}
}

// Room for all.
func firstWins(items []string) int {
	ch := make(chan int, len(items))
	for _, s := range items {
		go func() { ch <- query(s) }()
	}
	return <-ch
}

func firstWinsN(n int) int {
	ch := make(chan int, n)
	for i := 0; i < n; i++ {
		go func() { ch <- i }()
	}
	return <-ch
}

func firstError(fns ...func() error) error {
	errc := make(chan error, len(fns))
	for _, f := range fns {
		go func() { errc <- f() }()
	}
	for range fns {
		if err := <-errc; err != nil {
			return err
		}
	}
	return nil
}

// A capacity that is not known to be too small.
func someRoom(n, k int) {
	ch := make(chan int, k)
	for range n {
		go func() { ch <- 1 }()
	}
	<-ch
}

// One send per path.
func oneSend() error {
	errc := make(chan error)
	go func() {
		if err := try(); err != nil {
			errc <- err
			return
		}
		errc <- nil
	}()
	return <-errc
}

func twoSendsTwoReceives() {
	ch := make(chan int)
	go func() {
		ch <- 1
		ch <- 2
	}()
	<-ch
	<-ch
}

// The data says when it is over.
func protocol() {
	type msg struct {
		last bool
	}
	ch := make(chan msg)
	go func() {
		for i := 0; i < 3; i++ {
			ch <- msg{}
		}
		ch <- msg{last: true}
	}()
	for {
		if m := <-ch; m.last {
			return
		}
	}
}

// Closed in the end.
func workers(jobs []int) {
	ch := make(chan int)
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range ch {
				use(j)
			}
		}()
	}
	for _, j := range jobs {
		ch <- j
	}
	close(ch)
	wg.Wait()
}

func closedByOther(items []string) {
	ch := make(chan int)
	var wg sync.WaitGroup
	for _, s := range items {
		wg.Add(1)
		go func() {
			defer wg.Done()
			ch <- query(s)
		}()
	}
	go func() {
		wg.Wait()
		close(ch)
	}()
	for v := range ch {
		use(v)
	}
}

func wgGo(items []string) {
	ch := make(chan int)
	var wg sync.WaitGroup
	for _, s := range items {
		wg.Go(func() { ch <- query(s) })
	}
	go func() {
		wg.Wait()
		close(ch)
	}()
	for range ch {
	}
}

// The stop channel is closed only when all senders are through.
func stopAfterSenders(items []string) {
	ch, stop := make(chan int), make(chan struct{})
	go func() {
		for {
			select {
			case v := <-ch:
				use(v)
			case <-stop:
				return
			}
		}
	}()
	var wg sync.WaitGroup
	for _, s := range items {
		wg.Add(1)
		go func() {
			defer wg.Done()
			ch <- query(s)
		}()
	}
	wg.Wait()
	close(stop)
}

// A generator that is stopped by its context.
func generate(ctx context.Context) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := 0; ; i++ {
			select {
			case out <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func consume() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for v := range generate(ctx) {
		if v > 3 {
			break
		}
	}
}

// Closing wakes everybody.
func closeOnReturn(err error) {
	done := make(chan struct{})
	defer close(done)
	go func() {
		<-done
		use("over")
	}()
	if err != nil {
		return
	}
	compute()
}

func doneOnAllPaths() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if try() != nil {
			return
		}
		compute()
	}()
	<-done
}

// Waiting after the loop.
func waitAfter(items []int) {
	var wg sync.WaitGroup
	wg.Add(len(items))
	for _, i := range items {
		go func() {
			defer wg.Done()
			use(i)
		}()
	}
	wg.Wait()
}

// One at a time.
func waitInside(items []int) {
	var wg sync.WaitGroup
	for _, i := range items {
		wg.Add(1)
		go func() {
			defer wg.Done()
			use(i)
		}()
		wg.Wait()
	}
}

// Done is called by somebody who was given the method.
func doneElsewhere() {
	var wg sync.WaitGroup
	wg.Add(1)
	time.AfterFunc(time.Second, wg.Done)
	wg.Wait()
}

// Others know the channel.
type Server struct {
	Events chan int
	quit   chan struct{}
}

func (s *Server) Notify(e int)          { s.Events <- e }
func (s *Server) Quit() <-chan struct{} { return s.quit }
func (s *Server) wait()                 { <-s.quit }

func NewServer() *Server {
	s := &Server{Events: make(chan int), quit: make(chan struct{})}
	go s.wait()
	go func() { close(s.quit) }()
	return s
}

var registry = map[string]chan int{}

func register(name string) {
	ch := make(chan int)
	registry[name] = ch
	go func() { ch <- 1 }()
}

func deliver(name string) { <-registry[name] }

func handler() {
	ch := make(chan int)
	http.HandleFunc("/", func(http.ResponseWriter, *http.Request) { <-ch })
	go func() { ch <- 1 }()
}

func callback(run func(func(int))) {
	ch := make(chan int)
	go func() { ch <- 1 }()
	run(func(int) { <-ch })
}

type conn interface{ attach(chan int) }

func attach(c conn) {
	ch := make(chan int)
	c.attach(ch)
	go func() { ch <- 1 }()
}

// Exported results are received elsewhere.
func Results() <-chan int { // want Results:`starts a goroutine that sends to result 0`
	ch := make(chan int)
	go func() { ch <- compute() }()
	return ch
}

// A default never blocks.
func dropping() {
	ch := make(chan int)
	go func() {
		select {
		case ch <- compute():
		default:
		}
	}()
	select {
	case <-ch:
	case <-time.After(time.Second):
	}
}

// Conditions that are signalled.
type queue struct {
	mu    sync.Mutex
	cond  *sync.Cond
	items []int
}

func newQueue() *queue {
	q := &queue{}
	q.cond = sync.NewCond(&q.mu)
	return q
}

func (q *queue) put(i int) {
	q.mu.Lock()
	q.items = append(q.items, i)
	q.mu.Unlock()
	q.cond.Signal()
}

func (q *queue) take() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.cond.Wait()
	}
	i := q.items[0]
	q.items = q.items[1:]
	return i
}

func (q *queue) takeLater() {
	go func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		for len(q.items) == 0 {
			q.cond.Wait()
		}
	}()
}

// A nil channel switches a case off.
func optional(out chan int, on bool) {
	var c chan int
	if on {
		c = out
	}
	select {
	case c <- 1:
	case <-time.After(time.Second):
	}
}

// Once in a life.
var once sync.Once

func background() {
	once.Do(func() {
		go func() {
			for range time.Tick(time.Minute) {
				compute()
			}
		}()
	})
}

// A helper receives.
func waitFor(ch <-chan error) error { return <-ch }

func helped() error {
	errc := make(chan error)
	go func() { errc <- try() }()
	return waitFor(errc)
}

func helpedByClosure() (err error) {
	errc := make(chan error)
	go func() { errc <- try() }()
	wait := func() { err = errors.Join(err, <-errc) }
	if compute() > 1 {
		wait()
		return err
	}
	defer wait()
	return nil
}

// A bound that is a variable has one value for both loops.
func sameVariable(short bool) {
	n, k := 10, 100
	if short {
		n /= 2
		k /= 10
	}
	ch := make(chan bool)
	for i := 0; i < n; i++ {
		go func() {
			for j := 0; j < k; j++ {
				if compute() != 2 {
					panic("bad")
				}
			}
			ch <- true
		}()
	}
	for i := 0; i < n; i++ {
		<-ch
	}
}

// Failure ends the test; otherwise everybody is received from.
func failOrDone(n int, b interface{ FailNow() }) {
	const workers = 4
	fail, done := make(chan struct{}), make(chan struct{})
	for k := range workers {
		go func() {
			for range k {
				if try() != nil {
					fail <- struct{}{}
					return
				}
			}
			done <- struct{}{}
		}()
	}
	for range workers {
		select {
		case <-fail:
			panic("failed")
		case <-done:
		}
	}
}

// A send to a closed channel does not block.
func closedBefore() {
	ch := make(chan int)
	close(ch)
	ch <- 1
}

type event struct{ done chan struct{} }

// Who gets the event may know what to do with it.
func Ask(q chan event) {
	e := event{done: make(chan struct{})}
	q <- e
	<-e.done
}

type job struct {
	in   chan int
	done chan bool
}

func (j *job) run() {
	for range j.in {
	}
	close(j.done)
}

func (j *job) finish() {
	close(j.in)
	<-j.done
}

// A method closes the channel of the struct, on all paths.
func jobs(vs []int) int {
	j := job{in: make(chan int), done: make(chan bool)}
	go j.run()
	defer j.finish()
	for _, v := range vs {
		if v < 0 {
			return v
		}
		j.in <- v
	}
	return 0
}

var kept []*job

// Somebody else knows the struct before it has the channel.
func known() {
	j := new(job)
	keep(j)
	j.in = make(chan int)
	go func() { j.in <- 1 }()
}

func keep(j *job) { kept = append(kept, j) }

func takeKept() { <-kept[0].in }

// The goroutine sees the channel that the struct gets later.
func later() {
	j := new(job)
	ready := make(chan bool)
	go func() {
		<-ready
		<-j.in
	}()
	j.in = make(chan int)
	go func() { j.in <- 1 }()
	ready <- true
}

// A copy of the struct has the same channel.
func copied() {
	j := job{in: make(chan int)}
	k := j
	go func(j job) { j.in <- 1 }(k)
	<-j.in
}

// Another channel takes the place of the first.
func replaced(twice bool) {
	j := &job{in: make(chan int, 1)}
	if twice {
		j.in = make(chan int)
		go func() { <-j.in }()
	}
	j.in <- 1
}

// Done is called on all paths, or not due.
func doneWhereAdded(items []int) {
	var wg sync.WaitGroup
	for _, it := range items {
		if it < 0 {
			continue
		}
		wg.Add(1)
		go func() {
			if it > 3 {
				wg.Done()
				return
			}
			compute()
			wg.Done()
		}()
	}
	wg.Wait()
}

func doneLater(on bool) {
	var wg sync.WaitGroup
	if on {
		wg.Add(1)
	}
	go func() {
		if !on {
			return
		}
		wg.Done()
	}()
	wg.Wait()
}

// The variable is assigned by a function literal.
func assignedElsewhere(ok bool) {
	var c chan int
	set := func() { c = make(chan int, 1) }
	set()
	go func() { c <- 1 }()
}

type result struct {
	v   int
	err error
}

// The error is the last value.
func results(n int) <-chan result {
	c := make(chan result)
	go func() {
		defer close(c)
		for i := range n {
			err := try()
			c <- result{i, err}
			if err != nil {
				return
			}
		}
	}()
	return c
}

func stopAtError(n int) error {
	for r := range results(n) {
		if r.err != nil {
			return r.err
		}
	}
	return nil
}

func resultsWhile() <-chan result {
	c := make(chan result)
	go func() {
		defer close(c)
		var err error
		for err == nil {
			err = try()
			c <- result{1, err}
		}
	}()
	return c
}

func stopAtErrorWhile() error {
	for r := range resultsWhile() {
		if r.err != nil {
			return r.err
		}
	}
	return nil
}

// So it is when a stage passes it on.
func doubled(in <-chan result) <-chan result {
	out := make(chan result)
	go func() {
		defer close(out)
		for r := range in {
			out <- result{2 * r.v, r.err}
		}
	}()
	return out
}

func stopAtDoubled(n int) error {
	for r := range doubled(results(n)) {
		if r.err != nil {
			return r.err
		}
	}
	return nil
}

// What is left is received after the loop.
func drained(n int) int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range n {
			c <- i
		}
	}()
	defer func() {
		for range c {
		}
	}()
	for v := range c {
		if v > 3 {
			return v
		}
	}
	return 0
}

// Only the last one sends.
func lastAtomic(items []int) {
	done := make(chan bool)
	left := int32(len(items))
	for range items {
		go func() {
			if atomic.AddInt32(&left, -1) == 0 {
				done <- true
			}
		}()
	}
	<-done
}

func lastLocked(items []int) {
	done := make(chan bool)
	var mu sync.Mutex
	left := len(items)
	for range items {
		go func() {
			mu.Lock()
			left--
			last := left == 0
			mu.Unlock()
			if last {
				done <- true
			}
		}()
	}
	<-done
}

func firstOnce(items []int) {
	done := make(chan bool)
	var first sync.Once
	for range items {
		go func() {
			first.Do(func() { done <- true })
		}()
	}
	<-done
}

func lastJob(items []int, n int) {
	jobs := make(chan int)
	done := make(chan bool)
	for range n {
		go func() {
			for j := range jobs {
				if j == 0 {
					done <- true
				}
			}
		}()
	}
	for _, it := range items {
		jobs <- it
	}
	close(jobs)
	<-done
}

func firstSeen(items []string) {
	seen := make(map[string]bool)
	var mu sync.Mutex
	done := make(chan bool)
	for _, it := range items {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			if !seen["x"] {
				seen["x"] = it != ""
				done <- true
			}
		}()
	}
	<-done
}

// Who asks for a turn may be the one who grants it, in what it calls before it waits.
type turns struct {
	mu     sync.Mutex
	limit  int
	active int
	queues map[string][]*turn
}

type turn struct {
	name  string
	had   bool
	ready chan struct{}
}

func (t *turns) take(name string) {
	w := &turn{name: name, ready: make(chan struct{})}
	t.mu.Lock()
	t.queues[name] = append(t.queues[name], w)
	t.promote()
	t.mu.Unlock()
	<-w.ready
}

func (t *turns) done(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.active--
	t.queues[name] = t.queues[name][1:]
	t.promote()
}

func (t *turns) promote() {
	for t.active < t.limit {
		granted := false
		for _, q := range t.queues {
			if len(q) == 0 || q[0].had {
				continue
			}
			if t.grant(q[0]) {
				granted = true
				if t.active >= t.limit {
					return
				}
			}
		}
		if !granted {
			return
		}
	}
}

func (t *turns) grant(w *turn) bool {
	if t.queues[w.name][0] != w {
		return false
	}
	t.active++
	w.had = true
	close(w.ready)
	return true
}

func InTurn(names <-chan string) {
	t := &turns{limit: 4, queues: make(map[string][]*turn)}
	for name := range names {
		go func() {
			t.take(name)
			defer t.done(name)
			use(name)
		}()
	}
}

// A channel made in the receive is written to wait for ever.
func park() {
	use()
	<-make(chan struct{})
}

func serveUntilKilled() error {
	if err := try(); err != nil {
		return err
	}
	forever := make(chan struct{})
	<-forever
	return nil
}

func frozen() func(int) {
	return func(int) { <-make(chan struct{}) }
}

// A reader and its filler have an understanding: the filler notes the end before it
// closes ready, and the reader asks for more only as long as there is no end.
type filler struct {
	want  chan struct{}
	ready chan int
	end   int64
	last  bool
}

func newFiller(read func() int) *filler {
	f := &filler{want: make(chan struct{}), ready: make(chan int)}
	go func() {
		defer func() {
			atomic.StoreInt64(&f.end, 1)
			f.last = true
			close(f.ready)
		}()
		for range f.want {
			n := read()
			if n == 0 {
				return
			}
			f.ready <- n
		}
	}()
	f.want <- struct{}{}
	return f
}

func (f *filler) next() int {
	n := <-f.ready
	if atomic.LoadInt64(&f.end) == 0 {
		f.want <- struct{}{}
	}
	return n
}

func readAll(read func() int) (sum int) {
	f := newFiller(read)
	for atomic.LoadInt64(&f.end) == 0 {
		sum += f.next()
	}
	return sum
}

func (f *filler) plainNext() int {
	n := <-f.ready
	if !f.last {
		f.want <- struct{}{}
	}
	return n
}

func readPlain(read func() int) (sum int) {
	f := newFiller(read)
	for !f.last {
		sum += f.plainNext()
	}
	return sum
}

// Somebody cancels.
type query2 struct{ cancel context.CancelFunc }

func (q *query2) start() {
	var ctx context.Context
	ctx, q.cancel = context.WithCancel(context.Background())
	go q.awaitDone(ctx)
}

func (q *query2) awaitDone(ctx context.Context) {
	<-ctx.Done()
	q.close()
}

func (q *query2) close() { q.cancel() }

func (q *query2) finish() { q.close() }

// The caller may cancel.
func follow(parent context.Context, f func()) {
	ctx, cancel := context.WithCancel(parent)
	_ = cancel
	go func() {
		<-ctx.Done()
		f()
	}()
}

// It ends by itself.
func expire(f func()) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	_ = cancel
	go func() {
		<-ctx.Done()
		f()
	}()
}

// Cancelled in time, or by whoever gets cancel.
func cancelsEarly() {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		<-ctx.Done()
	}()
	cancel()
	wg.Wait()
	cancel()
}

func cancelledByOthers(register func(func())) {
	ctx, cancel := context.WithCancel(context.Background())
	register(cancel)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		<-ctx.Done()
	}()
	wg.Wait()
}

// The sender gives up as soon as the caller has returned.
func cancelsOnReturn(hosts []string) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ch := make(chan int)
	for _, h := range hosts {
		go func() {
			select {
			case ch <- query(h):
			case <-ctx.Done():
			}
		}()
	}
	return <-ch
}

// The close comes whatever happens.
func dispatchClosed(jobs []int, n int) error {
	queue := make(chan int)
	defer close(queue)
	errs := make(chan error, n)
	for range n {
		go func() {
			for j := range queue {
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
	return nil
}

// Two send, one waits in the buffer.
func both() error {
	errc := make(chan error, 1)
	for range 2 {
		go func() { errc <- try() }()
	}
	return <-errc
}

// A group keeps what is added until it is started, and then hands it to a goroutine.
type runs struct {
	ctx     context.Context
	cancel  context.CancelFunc
	once    sync.Once
	mu      sync.Mutex
	started bool
	queue   []func()
	ch      chan func()
}

func newRuns(ctx context.Context) *runs {
	r := &runs{ch: make(chan func())}
	r.ctx, r.cancel = context.WithCancel(ctx)
	return r
}

func (r *runs) start() {
	r.once.Do(func() {
		go r.loop()
		r.mu.Lock()
		r.started = true
		for _, f := range r.queue {
			r.ch <- f
		}
		r.mu.Unlock()
	})
}

func (r *runs) loop() {
	for f := range r.ch {
		go func(f func()) { f() }(f)
	}
}

func (r *runs) add(f func()) error {
	r.mu.Lock()
	if !r.started {
		r.queue = append(r.queue, f)
		r.mu.Unlock()
		return nil
	}
	r.mu.Unlock()
	r.ch <- f
	return nil
}

// A method locks what the condition is of.
type notices struct {
	mu      sync.Mutex
	changed sync.Cond
}

func newNotices() *notices {
	n := new(notices)
	n.changed.L = &n.mu
	return n
}

func (n *notices) lock()   { n.mu.Lock() }
func (n *notices) unlock() { n.mu.Unlock() }
func (n *notices) tell() {
	n.lock()
	defer n.unlock()
	n.changed.Broadcast()
}

func afterNext(n *notices) {
	func() {
		n.lock()
		defer n.unlock()
		go n.tell()
		n.changed.Wait()
	}()
}

// A condition that nobody sets any more: nobody waits for it.
type turnstile struct {
	passed int
	opened *sync.Cond
}

func (t *turnstile) pass() int {
	if t.opened != nil {
		t.opened.L.Lock()
		t.opened.Wait()
		t.opened.L.Unlock()
	}
	t.passed++
	return t.passed
}

func throughTurnstile() int {
	t := new(turnstile)
	return t.pass()
}

// An entry is dropped once, however often it is asked for.
type shelf struct {
	items  map[string]int
	onDrop func(string)
}

func (s *shelf) get(name string) int {
	n, ok := s.items[name]
	if !ok {
		return 0
	}
	if n > compute() {
		s.onDrop(name)
		delete(s.items, name)
		return 0
	}
	return n
}

func droppedOnce() {
	dropped := make(chan string)
	s := &shelf{items: map[string]int{"a": 1}, onDrop: func(name string) {
		go func() { dropped <- name }()
	}}
	s.get("a")
	s.get("a")
	use(<-dropped)
}

// monitor is told off by a test of it.
type monitor struct {
	failed chan error
	stop   chan struct{}
}

func (m *monitor) start() <-chan error {
	told := make(chan error)
	go func() {
		defer close(told)
		select {
		case err := <-m.failed:
			if err != nil {
				told <- err
			}
		case <-m.stop:
		}
	}()
	return told
}

// forwarder sends on what it gets, until it is told to stop or fails.
type forwarder struct {
	sum  int
	quit quitter
}

type quitter interface {
	Quit()
	Done() <-chan struct{}
}

func (f *forwarder) add(n int) error {
	if f.sum += n; f.sum > 1000 {
		return context.Canceled
	}
	return nil
}

func (f *forwarder) run(in <-chan struct{}) error {
	idle := time.NewTimer(time.Second)
	defer idle.Stop()
	send := func() error {
		if err := f.add(1); err != nil {
			return err
		}
		idle.Reset(time.Second)
		return nil
	}
	for {
		select {
		case <-in:
			if err := send(); err != nil {
				return err
			}
		case <-idle.C:
			if err := send(); err != nil {
				return err
			}
		case <-f.quit.Done():
			return nil
		}
	}
}
