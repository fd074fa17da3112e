package skips

import (
	"context"
	"sync"
	"time"
)

// A poller has two goroutines, which its context ends.
type poller struct {
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	seen   chan string
}

func newPoller() *poller { // want newPoller:`starts a goroutine that Close of 0 ends`
	p := &poller{seen: make(chan string, 8)}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.wg.Add(2)
	go p.count()
	go p.tick(time.Minute)
	return p
}

func (p *poller) count() {
	defer p.wg.Done()
	for {
		select {
		case s := <-p.seen:
			println(s)
		case <-p.ctx.Done():
			return
		}
	}
}

func (p *poller) tick(every time.Duration) {
	defer p.wg.Done()
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			println("tick")
		case <-p.ctx.Done():
			return
		}
	}
}

func (p *poller) Close() {
	p.wg.Wait() // want `this Wait never returns: it waits for the goroutine started at line \d+, which ends only when its context is cancelled, and that comes after it, at line \d+`
	p.cancel()
}

// The other order is right.
type watcher struct {
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

func newWatcher() *watcher { // want newWatcher:`starts a goroutine that Close of 0 ends`
	w := &watcher{}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	w.wg.Add(1)
	go func() {
		defer w.wg.Done()
		<-w.ctx.Done()
	}()
	return w
}

func (w *watcher) Close() {
	w.cancel()
	w.wg.Wait()
}

// A deferred close comes after the receive; the receive waits for the loop.
type pump struct {
	in   chan int
	quit chan struct{}
	done chan struct{}
}

func newPump() *pump { // want newPump:`starts a goroutine that Stop of 0 ends`
	p := &pump{in: make(chan int), quit: make(chan struct{}), done: make(chan struct{})}
	go p.loop()
	return p
}

func (p *pump) loop() {
	defer close(p.done)
	for {
		select {
		case n := <-p.in:
			println(n)
		case <-p.quit:
			return
		}
	}
}

func (p *pump) Stop() {
	defer p.tell()
	<-p.done // want `this receive blocks forever: it waits for the goroutine started at line \d+, which ends only when somebody sends to p.quit or closes it, and that comes after it, at line \d+`
}

func (p *pump) tell() { close(p.quit) }

// A return before the wait tells it, too: another call may come that way.
type gentle struct {
	quit chan struct{}
	done chan struct{}
	busy bool
}

func newGentle() *gentle { // want newGentle:`starts a goroutine that Stop of 0 ends`
	g := &gentle{quit: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(g.done)
		<-g.quit
	}()
	return g
}

func (g *gentle) Stop() {
	defer close(g.quit)
	if g.busy {
		return
	}
	<-g.done
}

// Somebody else may end it.
type common struct {
	quit chan struct{}
	wg   sync.WaitGroup
}

func newCommon() *common { // want newCommon:`starts a goroutine that Drain of 0 ends`
	s := &common{quit: make(chan struct{})}
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		<-s.quit
	}()
	return s
}

func (s *common) Drain() {
	s.wg.Wait()
	s.end()
}

func (s *common) End() { s.end() }

func (s *common) end() { close(s.quit) }

// The wait has a limit.
func (s *common) drainFor(d time.Duration) {
	done := make(chan struct{})
	go func() {
		s.wg.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(d):
	}
	s.end()
}

// It ends by itself, too.
type batch struct {
	stop chan struct{}
	wg   sync.WaitGroup
}

func newBatch(items []int) *batch {
	b := &batch{stop: make(chan struct{})}
	b.wg.Add(1)
	go func() {
		defer b.wg.Done()
		for _, n := range items {
			select {
			case <-b.stop:
				return
			default:
				println(n)
			}
		}
	}()
	return b
}

func (b *batch) finish() {
	b.wg.Wait()
	close(b.stop)
}

// Local variables, and a parent that ends.
func local(parent context.Context) {
	ctx, cancel := context.WithCancel(parent)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		<-ctx.Done()
	}()
	wg.Wait()
	cancel()
}

// One of two groups is waited for first, and not the one of those who wait for the end.
type twoGroups struct {
	front, back sync.WaitGroup
	quit        chan struct{}
}

func newTwoGroups() *twoGroups { return &twoGroups{quit: make(chan struct{})} }

func (t *twoGroups) close() {
	t.front.Wait()
	close(t.quit)
	t.back.Wait()
}

func (t *twoGroups) linger(back bool) { // want linger:`starts a goroutine that close of -1 ends`
	wg := &t.front
	if back {
		wg = &t.back
	}
	wg.Add(1)
	go func() {
		defer wg.Done()
		<-t.quit
	}()
}

// The goroutine that is waited for is one of the round before, which has been told.
type sitting struct {
	wg   sync.WaitGroup
	quit chan struct{}
}

func newSitting() *sitting { return new(sitting) }

func (s *sitting) run(work func()) {
	s.wg.Wait()
	s.quit = make(chan struct{})
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		<-s.quit
	}()
	work()
	close(s.quit)
}

// And so if another function starts it.
type turn struct {
	wg   sync.WaitGroup
	quit chan struct{}
}

func newTurn() *turn { return new(turn) }

func (t *turn) Run(work func()) {
	t.wg.Wait()
	t.next()
	work()
	close(t.quit)
}

func (t *turn) next() { // want next:`starts a goroutine that Run of -1 ends`
	t.quit = make(chan struct{})
	t.wg.Add(1)
	go t.sit()
}

func (t *turn) sit() {
	defer t.wg.Done()
	<-t.quit
}
