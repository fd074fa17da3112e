package a

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

type peer struct{ out chan []byte }

// switchboard has one loop that owns the peers. Others ask whether it still runs.
type switchboard struct {
	join, leave chan *peer
	quit, done  chan struct{}
	peers       map[*peer]bool
}

func newSwitchboard() *switchboard {
	return &switchboard{join: make(chan *peer), leave: make(chan *peer), quit: make(chan struct{}), done: make(chan struct{}), peers: make(map[*peer]bool)}
}

func (s *switchboard) run() {
	defer close(s.done)
	for {
		select {
		case p := <-s.join:
			s.peers[p] = true
		case p := <-s.leave:
			delete(s.peers, p)
		case <-s.quit:
			return
		}
	}
}

func (s *switchboard) add(p *peer) {
	s.join <- p // want `this send blocks forever once run has returned at line \d+: nobody else receives from s.join`
}

func (s *switchboard) remove(p *peer) {
	select {
	case s.leave <- p:
	case <-s.done:
	}
}

func (s *switchboard) serve(conn net.Conn) {
	p := &peer{make(chan []byte, 4)}
	s.add(p)
	defer s.remove(p)
	conn.Read(make([]byte, 1))
}

// Station has a switchboard for as long as it is open.
type Station struct{ s *switchboard }

func (st *Station) Open() {
	st.s = newSwitchboard()
	go st.s.run()
}

func (st *Station) Accept(conn net.Conn) { go st.s.serve(conn) }

func (st *Station) Close() {
	close(st.s.quit)
	<-st.s.done
}

// exchange is told by a context; everybody asks it.
type exchange struct{ join, leave chan *peer }

func (e *exchange) run(ctx context.Context) {
	peers := make(map[*peer]bool)
	for {
		select {
		case p := <-e.join:
			peers[p] = true
		case p := <-e.leave:
			delete(peers, p)
		case <-ctx.Done():
			return
		}
	}
}

func (e *exchange) serve(ctx context.Context, conn net.Conn) {
	p := &peer{make(chan []byte, 4)}
	select {
	case e.join <- p:
	case <-ctx.Done():
		return
	}
	conn.Read(make([]byte, 1))
	e.leave <- p // want `this send blocks forever once run has returned at line \d+: nobody else receives from e.leave`
}

type Market struct{ e *exchange }

func (m *Market) Open(ctx context.Context) {
	m.e = &exchange{make(chan *peer), make(chan *peer)}
	go m.e.run(ctx)
}

func (m *Market) Accept(ctx context.Context, conn net.Conn) { go m.e.serve(ctx, conn) }

// bureau waits for those that it serves before it ends the loop.
type bureau struct {
	join, leave chan *peer
	quit, done  chan struct{}
	wg          sync.WaitGroup
}

func (b *bureau) run() {
	defer close(b.done)
	for {
		select {
		case <-b.join:
		case <-b.leave:
		case <-b.quit:
			return
		}
	}
}

func (b *bureau) serve(conn net.Conn) {
	defer b.wg.Done()
	b.join <- &peer{}
	conn.Read(make([]byte, 1))
	select {
	case b.leave <- nil:
	case <-b.done:
	}
}

type Office struct{ b *bureau }

func (o *Office) Open() {
	o.b = &bureau{join: make(chan *peer), leave: make(chan *peer), quit: make(chan struct{}), done: make(chan struct{})}
	go o.b.run()
}

func (o *Office) Accept(conn net.Conn) {
	o.b.wg.Add(1)
	go o.b.serve(conn)
}

func (o *Office) Close() {
	o.b.wg.Wait()
	close(o.b.quit)
}

// desk is asked by the goroutine that ends it.
type desk struct {
	ask        chan int
	sum        chan chan int
	quit, done chan struct{}
}

func (d *desk) run() {
	defer close(d.done)
	n := 0
	for {
		select {
		case v := <-d.ask:
			n += v
		case c := <-d.sum:
			c <- n
		case <-d.quit:
			return
		}
	}
}

func (d *desk) put(v int) { d.ask <- v }

func (d *desk) total() int {
	c := make(chan int, 1)
	select {
	case d.sum <- c:
		return <-c
	case <-d.done:
		return 0
	}
}

func Desk(vs []int) int {
	d := &desk{make(chan int), make(chan chan int), make(chan struct{}), make(chan struct{})}
	go d.run()
	defer close(d.quit)
	for _, v := range vs {
		d.put(v)
	}
	return d.total()
}

func beat(conn net.Conn, every time.Duration) {
	go func() { // want `this goroutine never ends: it waits for the clock in a loop that has no way out, and line \d+ starts another one every time`
		for {
			time.Sleep(every)
			conn.Write([]byte{0})
		}
	}()
}

type beater struct{ every time.Duration }

func (b *beater) loop(conn net.Conn) {
	for range time.Tick(b.every) {
		conn.Write([]byte{0})
	}
}

func (b *beater) attach(conn net.Conn) {
	go b.loop(conn) // want `this goroutine never ends: it waits for the clock in a loop that has no way out, and line \d+ starts another one every time`
}

// beatUntil ends when the connection does.
func beatUntil(conn net.Conn, every time.Duration) {
	go func() {
		for {
			time.Sleep(every)
			if _, err := conn.Write([]byte{0}); err != nil {
				return
			}
		}
	}()
}

// report is started once for each of a few.
func (b *beater) report(name string) {
	go func() {
		for {
			time.Sleep(b.every)
			println(name)
		}
	}()
}

func Beat(ln net.Listener, names []string) error {
	b := &beater{time.Second}
	for _, name := range names {
		b.report(name)
	}
	for {
		conn, err := ln.Accept()
		if err != nil {
			return err
		}
		beat(conn, time.Second)
		beatUntil(conn, time.Second)
		handle(b, conn)
	}
}

func handle(b *beater, conn net.Conn) { b.attach(conn) }

func poll(w http.ResponseWriter, r *http.Request) {
	go func() { // want `this goroutine never ends: it waits for the clock in a loop that has no way out, and line \d+ starts another one every time`
		for {
			time.Sleep(time.Second)
			println(r.URL.Path)
		}
	}()
}
