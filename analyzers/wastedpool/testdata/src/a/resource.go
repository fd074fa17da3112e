package a

import (
	"bufio"
	"net"
	"sync"
)

type link struct {
	conn net.Conn
	br   *bufio.Reader
}

type links struct {
	addr string
	idle sync.Pool
}

func (l *links) get() (*link, error) {
	if x, ok := l.idle.Get().(*link); ok {
		return x, nil
	}
	c, err := net.Dial("tcp", l.addr)
	if err != nil {
		return nil, err
	}
	return &link{c, bufio.NewReader(c)}, nil
}

func (l *links) put(x *link) { l.idle.Put(x) } // want `net.Conn in a sync.Pool is dropped by the garbage collector without Close`

// A peer of one connection, which others open and close.
type peer struct {
	conn net.Conn
	buf  [512]byte
}

var served = sync.Pool{New: func() any { return new(peer) }}

func serve(c net.Conn) error {
	s := served.Get().(*peer)
	s.conn = c
	_, err := s.conn.Read(s.buf[:])
	s.conn = nil
	served.Put(s)
	return err
}

// What it opened it closes before the Put.
type probe struct {
	conn net.Conn
	buf  [64]byte
}

var probes = sync.Pool{New: func() any { return new(probe) }}

func ping(addr string) (err error) {
	p := probes.Get().(*probe)
	defer probes.Put(p)
	p.conn, err = net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	_, err = p.conn.Read(p.buf[:])
	p.conn.Close()
	p.conn = nil
	return err
}

type peers struct{ byAddr sync.Map }

func (p *peers) pool(addr string) *sync.Pool {
	v, _ := p.byAddr.LoadOrStore(addr, new(sync.Pool))
	return v.(*sync.Pool)
}

func (p *peers) send(addr string, msg []byte) error {
	pool := p.pool(addr)
	c, ok := pool.Get().(net.Conn)
	if !ok {
		return net.ErrClosed
	}
	_, err := c.Write(msg)
	pool.Put(c) // want `net.Conn in a sync.Pool is dropped by the garbage collector without Close`
	return err
}
