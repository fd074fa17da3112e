package life

import (
	"context"
	"time"
)

// A Poller tells of changes on C until it is stopped.
type Poller struct {
	C    chan int
	path string
	quit chan struct{}
}

// NewPoller hands on what start leaves behind.
func NewPoller(path string) *Poller { // want NewPoller:`starts a goroutine that Stop of 0 ends`
	p := &Poller{C: make(chan int, 1), path: path, quit: make(chan struct{})}
	p.start()
	return p
}

// MustPoller hands it on again.
func MustPoller(path string) *Poller { // want MustPoller:`starts a goroutine that Stop of 0 ends`
	if path == "" {
		panic("no path")
	}
	return NewPoller(path)
}

// OpenPoller may fail.
func OpenPoller(path string) (*Poller, error) { // want OpenPoller:`starts a goroutine that Stop of 0 ends`
	if path == "" {
		return nil, context.Canceled
	}
	p := NewPoller(path)
	return p, nil
}

func (p *Poller) start() { // want start:`starts a goroutine that Stop of -1 ends`
	go p.poll()
}

func (p *Poller) poll() {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			select {
			case p.C <- 1:
			default:
			}
		case <-p.quit:
			return
		}
	}
}

func (p *Poller) Stop() { close(p.quit) }

// once gets an object of its own and reads what it says.
func once(path string) int {
	p := &Poller{C: make(chan int, 1), path: path, quit: make(chan struct{})}
	p.start() // want `start starts a goroutine that ends only after Stop: once returns at line \d+ without calling it, and nobody else can`
	return <-p.C
}

func onceWell(path string) int {
	p := NewPoller(path)
	defer p.Stop()
	return <-p.C
}

// kept is ended by all.
var kept []*Poller

func keep(path string) *Poller {
	p := NewPoller(path)
	kept = append(kept, p)
	return p
}

func StopKept() int {
	keep("a")
	for _, p := range kept {
		p.Stop()
	}
	return once("a") + onceWell("b")
}

// A Valve is closed by who has its channel.
type Valve struct{ Shut chan struct{} }

func NewValve() *Valve {
	v := &Valve{Shut: make(chan struct{})}
	go func() { <-v.Shut }()
	return v
}

func (v *Valve) Close() { close(v.Shut) }

// Feeder is cancelled by the function of its context, which a literal has captured.
type Feeder struct {
	cancel context.CancelFunc
	out    chan []byte
}

func NewFeeder(ctx context.Context) *Feeder { // want NewFeeder:`starts a goroutine that Close of 0 ends`
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &Feeder{cancel: cancel, out: make(chan []byte)}
	go func() {
		for {
			select {
			case f.out <- nil:
			case <-ctx.Done():
				return
			}
		}
	}()
	return f
}

func (f *Feeder) Close()       { f.cancel() }
func (f *Feeder) Next() []byte { return <-f.out }

// A Result is what came of a function.
type Result[T any] struct {
	Value T
	Err   error
}

func Async[T any](fn func() (T, error)) <-chan Result[T] { // want Async:`starts a goroutine that sends to result 0`
	ch := make(chan Result[T])
	go func() {
		v, err := fn()
		ch <- Result[T]{v, err}
	}()
	return ch
}

func Walk(names []string) (<-chan string, error) { // want Walk:`starts a goroutine that sends to result 0`
	if len(names) == 0 {
		return nil, context.Canceled
	}
	ch := make(chan string)
	go func() {
		defer close(ch)
		for _, name := range names {
			ch <- name
		}
	}()
	return ch, nil
}
