package field

import "time"

type source interface{ Next() (int, error) }

// A sampler's timer is drained by a helper, and is the same from the start.
type sampler struct {
	t     *time.Timer
	wake  chan bool
	sizes []int
}

func newSampler(every time.Duration) *sampler {
	return &sampler{t: time.NewTimer(every), wake: make(chan bool)}
}

func (s *sampler) restart(d time.Duration) {
	if !s.t.Stop() {
		<-s.t.C // want `this receive blocks forever once the value of s.t.C has been taken at line 28`
	}
	s.t.Reset(d)
}

func (s *sampler) run(src source, quit <-chan bool) {
	for {
		select {
		case <-s.t.C:
		case <-s.wake:
		case <-quit:
			s.t.Stop()
			return
		}
		n, err := src.Next()
		if err == nil {
			s.sizes = append(s.sizes, n)
		}
		s.restart(time.Second)
	}
}

// A source may give this one another timer.
type renewed struct{ t *time.Timer }

func newRenewed() *renewed { return &renewed{time.NewTimer(time.Second)} }

func (r *renewed) Renew() { r.t = time.NewTimer(time.Second) }

func (r *renewed) restart(d time.Duration) {
	if !r.t.Stop() {
		<-r.t.C
	}
	r.t.Reset(d)
}

func (r *renewed) run(src source, wake <-chan bool) {
	for {
		select {
		case <-r.t.C:
		case <-wake:
		}
		if _, err := src.Next(); err != nil {
			return
		}
		r.restart(time.Second)
	}
}

// So may it this one, as a whole.
type replaced struct {
	t *time.Timer
	n int
}

func (r *replaced) Clear() { *r = fresh(1) }

func fresh(n int) replaced {
	r := replaced{time.NewTimer(time.Second), n}
	r.n++
	return r
}

func (r *replaced) restart(d time.Duration) {
	if !r.t.Stop() {
		<-r.t.C
	}
	r.t.Reset(d)
}

func (r *replaced) run(src source, wake <-chan bool) {
	for {
		select {
		case <-r.t.C:
		case <-wake:
		}
		if _, err := src.Next(); err != nil {
			return
		}
		r.restart(time.Second)
	}
}

// This one is restarted only where the clock has not been heard.
type careful struct{ t *time.Timer }

func newCareful() *careful { return &careful{time.NewTimer(time.Second)} }

func (c *careful) restart(d time.Duration) {
	if !c.t.Stop() {
		<-c.t.C
	}
	c.t.Reset(d)
}

func (c *careful) run(src source, wake <-chan bool) {
	for {
		select {
		case <-c.t.C:
			c.t.Reset(time.Second)
		case <-wake:
			if _, err := src.Next(); err != nil {
				return
			}
			c.restart(time.Second)
		}
	}
}
