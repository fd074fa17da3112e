package exits

import "context"

// A probe looks whether its context has ended, and sends without it then.
type probe struct {
	ctx      context.Context
	cancel   context.CancelFunc
	readings chan int
	read     func() int
}

func startProbe(read func() int, f func(int)) *probe { // want startProbe:`starts a goroutine that end of 0 ends`
	p := &probe{readings: make(chan int), read: read}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	go p.measure()
	go p.measureToo()
	go p.keep(f)
	return p
}

func (p *probe) measure() {
	for {
		select {
		case <-p.ctx.Done():
			return
		default:
			p.readings <- p.read() // want `this send blocks forever once keep has returned at line \d+: nobody else receives from p.readings`
		}
	}
}

func (p *probe) measureToo() {
	for p.ctx.Err() == nil {
		p.readings <- p.read() // want `this send blocks forever once keep has returned at line \d+: nobody else receives from p.readings`
	}
}

func (p *probe) keep(f func(int)) {
	for {
		select {
		case r := <-p.readings:
			f(r)
		case <-p.ctx.Done():
			return
		}
	}
}

func (p *probe) end() { p.cancel() }

// Who keeps them takes the last ones as well.
type gauge2 struct {
	ctx      context.Context
	readings chan int
	read     func() int
}

func startGauge2(ctx context.Context, read func() int, f func(int)) {
	g := &gauge2{ctx: ctx, readings: make(chan int), read: read}
	go g.measure()
	go g.keep(f)
}

func (g *gauge2) measure() {
	defer close(g.readings)
	for g.ctx.Err() == nil {
		g.readings <- g.read()
	}
}

func (g *gauge2) keep(f func(int)) {
	for {
		select {
		case r, ok := <-g.readings:
			if !ok {
				return
			}
			f(r)
		case <-g.ctx.Done():
			for range g.readings {
			}
			return
		}
	}
}

// There is room for the one that is on its way.
type scale struct {
	ctx      context.Context
	readings chan int
}

func startScale(ctx context.Context, read func() int, f func(int)) {
	s := &scale{ctx: ctx, readings: make(chan int, 1)}
	go func() {
		if s.ctx.Err() == nil {
			s.readings <- read()
		}
	}()
	go s.keep(f)
}

func (s *scale) keep(f func(int)) {
	for {
		select {
		case r := <-s.readings:
			f(r)
		case <-s.ctx.Done():
			return
		}
	}
}
