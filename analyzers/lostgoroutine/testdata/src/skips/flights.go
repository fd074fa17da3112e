package skips

import (
	"errors"
	"fmt"
	"sync"
)

// ferry carries who comes until its harbour is closed.
type ferry struct {
	harbour interface {
		Next() (string, error)
		Close() error
	}
	mu     sync.Mutex
	reason error
	moored chan struct{}
}

func Sail(harbour interface {
	Next() (string, error)
	Close() error
}) *ferry {
	f := &ferry{harbour: harbour, moored: make(chan struct{})}
	go f.carry()
	return f
}

var errNoMore = errors.New("no more")

func (f *ferry) carry() {
	failures := 0
	for {
		who, err := f.harbour.Next()
		if errors.Is(err, errNoMore) {
			break
		}
		if err != nil {
			if failures++; failures > 3 {
				f.mu.Lock()
				f.reason = fmt.Errorf("%s stays: %w", who, err)
				f.mu.Unlock()
				return
			}
			continue
		}
		failures = 0
	}
	close(f.moored)
}

func (f *ferry) Stop() error {
	err := f.harbour.Close()
	<-f.moored // want `this receive blocks forever if carry returns at line 43: that way it does not close f.moored, and nobody else does`
	return err
}

// One that tells its owner why it has ended need not be waited for.
type toldFerry struct {
	harbour interface{ Next() (string, error) }
	tell    interface{ Failed(error) }
	moored  chan struct{}
}

func (f *toldFerry) carry() {
	for {
		_, err := f.harbour.Next()
		if errors.Is(err, errNoMore) {
			break
		}
		if err != nil {
			f.tell.Failed(err)
			return
		}
	}
	close(f.moored)
}

func (f *toldFerry) Stop() { <-f.moored }

func CrossTold(harbour interface{ Next() (string, error) }, tell interface{ Failed(error) }) *toldFerry {
	f := &toldFerry{harbour, tell, make(chan struct{})}
	go f.carry()
	return f
}

// A route is worked out once for all who ask for it.
type routes struct {
	plan func(to string) (int, error)
	mu   sync.Mutex
	open map[string]*route
}

type route struct {
	known chan struct{}
	miles int
}

func (r *routes) To(to string) (int, error) {
	r.mu.Lock()
	if x, ok := r.open[to]; ok {
		r.mu.Unlock()
		<-x.known // want `this receive blocks forever if find returns at line 115: that way it does not close x.known, and nobody else does`
		return x.miles, nil
	}
	x := &route{known: make(chan struct{})}
	r.open[to] = x
	r.mu.Unlock()
	return r.find(to, x)
}

func (r *routes) find(to string, x *route) (int, error) {
	miles, err := r.plan(to)
	if err != nil {
		return 0, err
	}
	x.miles = miles
	close(x.known)
	return miles, nil
}

func Routes(plan func(to string) (int, error)) *routes {
	return &routes{plan: plan, open: make(map[string]*route)}
}

// A fare is worked out once, by the one who asks first.
type fares struct {
	tariff func(to string) (int, error)
	mu     sync.Mutex
	open   map[string]*fare
}

type fare struct {
	known chan struct{}
	price int
	err   error
}

func (f *fares) To(to string) (int, error) {
	f.mu.Lock()
	if x, ok := f.open[to]; ok {
		f.mu.Unlock()
		return x.wait()
	}
	x := &fare{known: make(chan struct{})}
	f.open[to] = x
	f.mu.Unlock()
	price, err := f.tariff(to)
	if err != nil {
		f.mu.Lock()
		delete(f.open, to)
		f.mu.Unlock()
		return 0, err
	}
	x.price = price
	close(x.known)
	return price, nil
}

func (x *fare) wait() (int, error) {
	<-x.known // want `this receive blocks forever if To returns at line 153: that way it does not close x.known, and nobody else does`
	return x.price, x.err
}

func Fares(tariff func(to string) (int, error)) *fares {
	return &fares{tariff: tariff, open: make(map[string]*fare)}
}

// A berth is closed whatever comes of it.
type berths struct {
	ask  func(at string) (int, error)
	mu   sync.Mutex
	open map[string]*berth
}

type berth struct {
	known chan struct{}
	n     int
	err   error
}

func (b *berths) At(at string) (int, error) {
	b.mu.Lock()
	if x, ok := b.open[at]; ok {
		b.mu.Unlock()
		<-x.known
		return x.n, x.err
	}
	x := &berth{known: make(chan struct{})}
	b.open[at] = x
	b.mu.Unlock()
	if x.n, x.err = b.ask(at); x.err != nil {
		b.mu.Lock()
		delete(b.open, at)
		b.mu.Unlock()
	}
	close(x.known)
	return x.n, x.err
}

func Berths(ask func(at string) (int, error)) *berths {
	return &berths{ask: ask, open: make(map[string]*berth)}
}

// Who opens a sluice that does not open knows, and nobody waits for it: it is not listed by then.
type sluices struct {
	mu   sync.Mutex
	list map[string]*sluice
}

type sluice struct{ open chan struct{} }

func (g *sluices) Open(name string, motor func() error) error {
	x := &sluice{make(chan struct{})}
	if err := motor(); err != nil {
		return err
	}
	g.mu.Lock()
	g.list[name] = x
	g.mu.Unlock()
	close(x.open)
	return nil
}

func (g *sluices) Pass(name string) {
	g.mu.Lock()
	x := g.list[name]
	g.mu.Unlock()
	if x != nil {
		<-x.open
	}
}

func Sluices() *sluices { return &sluices{list: make(map[string]*sluice)} }

// Who starts a bilge that fails to start is told, and does not wait for it.
type bilge struct{ runs chan struct{} }

func (p *bilge) Start(motor func() error) error {
	if err := motor(); err != nil {
		return err
	}
	close(p.runs)
	return nil
}

func (p *bilge) Await() { <-p.runs }

func Bilge() *bilge { return &bilge{make(chan struct{})} }
