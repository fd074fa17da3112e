package skips

import (
	"context"
	"sync"
)

// A crowd counts who has not come in yet.
type crowd struct {
	ctx   context.Context
	seats chan struct{}
	wg    sync.WaitGroup
}

func newCrowd(ctx context.Context, seats int) *crowd {
	return &crowd{ctx: ctx, seats: make(chan struct{}, seats)}
}

func (c *crowd) admit(work func()) bool {
	c.wg.Add(1) // want `this Add counts a goroutine that is not started on a path to the return at line \d+, and nobody else calls Done: Wait at line \d+ never returns then`
	select {
	case c.seats <- struct{}{}:
	case <-c.ctx.Done():
		return false
	}
	go func() {
		defer c.wg.Done()
		defer func() { <-c.seats }()
		work()
	}()
	return true
}

func (c *crowd) wait() { c.wg.Wait() }

// A queue takes it back.
type party struct {
	ctx   context.Context
	seats chan struct{}
	wg    sync.WaitGroup
}

func (p *party) admit(work func()) bool {
	p.wg.Add(1)
	select {
	case p.seats <- struct{}{}:
	case <-p.ctx.Done():
		p.wg.Done()
		return false
	}
	go p.run(work)
	return true
}

func (p *party) admitAll(works []func()) {
	for _, work := range works {
		p.wg.Add(1)
		if work == nil {
			p.wg.Add(-1)
			return
		}
		go p.run(work)
	}
}

func (p *party) run(work func()) {
	defer p.wg.Done()
	work()
}

func (p *party) wait() { p.wg.Wait() }

// A shift ends what it has counted elsewhere, if it is not handed over.
type shift struct {
	wg   sync.WaitGroup
	open bool
}

func (s *shift) begin(work func()) {
	s.wg.Add(1)
	if !s.open {
		return
	}
	go func() {
		work()
		s.end()
	}()
}

func (s *shift) end()  { s.wg.Done() }
func (s *shift) wait() { s.wg.Wait() }

// Nobody waits for a group that is left by a failure.
func bothCounted(one, two func() error) error {
	var wg sync.WaitGroup
	wg.Add(1)
	if err := one(); err != nil {
		return err
	}
	go func() {
		defer wg.Done()
		two()
	}()
	wg.Wait()
	return nil
}
