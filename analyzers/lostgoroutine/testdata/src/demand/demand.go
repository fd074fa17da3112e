// Package demand holds what is only reported on demand: the missing message may be
// sent in ways, or not awaited for reasons, that do not show.
package demand

import (
	"context"
	"fmt"
	"sync"
	"time"

	"life"
)

func try() error { return nil }

func noMessage() {
	ch := make(chan error)
	go func() {
		if err := try(); err != nil {
			ch <- err
		}
	}()
	<-ch // want `this receive blocks forever once the goroutine started at line \d+ returns: nobody sends to ch or closes it`
}

type session struct{ last time.Time }

func newSession() *session {
	s := new(session)
	go s.heartbeat() // want `this goroutine never ends: it waits for the clock in a loop that has no way out`
	return s
}

func (s *session) heartbeat() {
	for {
		time.Sleep(time.Second)
		s.last = time.Now()
	}
}

func flushEvery(d time.Duration, flush func()) {
	t := time.NewTicker(d)
	go func() { // want `this goroutine never ends: it waits for the clock in a loop that has no way out`
		for range t.C {
			flush()
		}
	}()
}

// It can end.
func poll(d time.Duration) {
	go func() {
		for {
			<-time.After(d)
			if try() != nil {
				return
			}
		}
	}()
}

func watch(quit chan bool) {
	go func() {
		t := time.NewTicker(time.Second)
		defer t.Stop()
		for {
			select {
			case <-t.C:
			case <-quit:
				return
			}
		}
	}()
}

// It is started once.
var start sync.Once

func instance() {
	start.Do(tick)
}

func tick() {
	go func() {
		for range time.Tick(time.Minute) {
			try()
		}
	}()
}

func init() { startTicking() }

func startTicking() { go ticking() }

func ticking() {
	for {
		time.Sleep(time.Minute)
	}
}

// The only receiver may be gone.
type sink struct {
	out  chan int
	quit chan bool
	ack  chan int
}

func newSink() *sink { // want newSink:`starts a goroutine that put of 0 ends`
	s := &sink{make(chan int), make(chan bool), make(chan int)}
	go s.loop(context.Background())
	return s
}

func (s *sink) loop(ctx context.Context) {
	for {
		select {
		case v := <-s.out:
			if try() != nil {
				return
			}
			select {
			case s.ack <- v:
			case <-ctx.Done():
				return
			}
		case <-s.quit:
			return
		}
	}
}

func (s *sink) put(v int) {
	go s.wait()
	s.out <- v // want `this send blocks forever once loop has returned at line \d+: nobody else receives from s.out`
}

func (s *sink) wait() {
	<-s.ack // want `this receive blocks forever if loop has taken another case than its send: nobody else sends to s.ack or closes it`
}

// A message that ends the loop is known to its sender.
type commands struct{ in chan string }

func newCommands() *commands {
	c := &commands{make(chan string)}
	go func() {
		for cmd := range c.in {
			if cmd == "quit" {
				return
			}
		}
	}()
	return c
}

func (c *commands) run(cmd string) { c.in <- cmd }

// The loop may have ended by itself.
func (s *sink) stop() { s.quit <- true } // want `this send blocks forever once loop has returned at line \d+: nobody else receives from s.quit`

// The sender asks whether the receiver is there.
type pipe struct{ in, quit chan int }

func newPipe() *pipe { // want newPipe:`starts a goroutine that close of 0 ends`
	p := &pipe{make(chan int), make(chan int)}
	go func() {
		for {
			select {
			case <-p.in:
			case <-p.quit:
				return
			}
		}
	}()
	return p
}

func (p *pipe) put(v int) {
	select {
	case p.in <- v:
	case <-p.quit:
	}
}

func (p *pipe) close() { close(p.quit) }

// The receiver leaves only when the channel is closed, or empties it.
type tail struct{ in chan int }

func newTail() *tail { // want newTail:`starts a goroutine that close of 0 ends`
	t := &tail{make(chan int)}
	go func() {
		for v := range t.in {
			if v < 0 {
				for range t.in {
				}
				return
			}
		}
	}()
	return t
}

func (t *tail) put(v int) { t.in <- v }
func (t *tail) close()    { close(t.in) }

// Nobody waits for what is in the buffer.
type events struct{ recent chan int }

func newEvents() *events { return &events{make(chan int, 16)} }

func (e *events) add(v int) {
	e.recent <- v // want `this send blocks forever once the buffer is full: nobody waits to receive from e.recent`
}

func (e *events) drain() {
	for {
		select {
		case <-e.recent:
		default:
			return
		}
	}
}

// It makes room first.
type newest struct{ v chan int }

func newNewest() *newest { return &newest{make(chan int, 1)} }

func (n *newest) set(v int) {
	select {
	case <-n.v:
	default:
	}
	n.v <- v
}

// Whoever stops the loop knows that nothing may be put any more.
type owned struct{ in, quit chan int }

func newOwned() *owned { // want newOwned:`starts a goroutine that close of 0 ends`
	o := &owned{make(chan int), make(chan int)}
	go o.loop()
	return o
}

func (o *owned) loop() {
	for {
		select {
		case <-o.in:
		case <-o.quit:
			return
		}
	}
}

func (o *owned) put(v int) { o.in <- v }
func (o *owned) close()    { close(o.quit) }

// A goroutine on its way does not.
type shared struct{ in, quit chan int }

func newShared() *shared { // want newShared:`starts a goroutine that close of 0 ends`
	s := &shared{make(chan int), make(chan int)}
	go s.loop()
	return s
}

func (s *shared) loop() {
	for {
		select {
		case <-s.in:
		case <-s.quit:
			return
		}
	}
}

func (s *shared) later(v int) { go s.put(v) }
func (s *shared) put(v int)   { s.in <- v } // want `this send blocks forever once loop has returned at line \d+: nobody else receives from s.in`
func (s *shared) close()      { close(s.quit) }

// Subscribers wait for the next message.
type topic struct{ messages chan int }

func newTopic() *topic { return &topic{make(chan int)} }

func (t *topic) publish(v int) {
	select {
	case t.messages <- v:
	default:
	}
}

func (t *topic) next() int { return <-t.messages }

// A queue that is closed once: who finds the flag set has closed it before.
type closedOnce struct {
	mu      sync.Mutex
	stopped bool
	queue   chan int
	workers sync.WaitGroup
}

func (q *closedOnce) work() {
	defer q.workers.Done()
	for j := range q.queue {
		_ = j
	}
}

func (q *closedOnce) stop() {
	q.mu.Lock()
	if !q.stopped {
		q.stopped = true
		close(q.queue)
	}
	q.mu.Unlock()
}

func closesOnce() {
	q := &closedOnce{queue: make(chan int, 4)}
	q.workers.Add(1)
	go q.work()
	q.queue <- 1
	q.stop()
}

// A worker is done with each item, but not with those that fail.
func failing(items []string) {
	var done sync.WaitGroup
	work := make(chan string)
	go func() {
		for item := range work {
			if item == "" {
				continue
			}
			fmt.Println(item)
			done.Done()
		}
	}()
	for _, item := range items {
		done.Add(1)
		work <- item
	}
	close(work)
	done.Wait() // want `this Wait never returns once a round of the loop around line \d+ goes by without the Done on done that others do`
}

func began(f func() error) {
	life.Attend(f) // want `the channel that Attend returns is thrown away: the goroutine that sends to it when something has failed blocks forever`
}
