// Package watch follows files, and answers for ever.
package watch

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"

	"serve"

	"github.com/fsnotify/fsnotify"
)

type follower struct {
	w    *fsnotify.Watcher
	path string
}

func follow(path string) (*follower, error) {
	w, err := fsnotify.NewWatcher() // want `w is not closed on the path that returns at line 27: its goroutine and what it watches with stay for as long as the process lives; call w.Close\(\) there`
	if err != nil {
		return nil, err
	}
	if err := w.Add(path); err != nil {
		return nil, fmt.Errorf("following %s: %w", path, err)
	}
	return &follower{w, path}, nil
}

func followRight(path string) (*follower, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	if err := w.Add(path); err != nil {
		w.Close()
		return nil, fmt.Errorf("following %s: %w", path, err)
	}
	return &follower{w, path}, nil
}

// echo returns when its context has ended.
func echo(ctx context.Context, c net.PacketConn) {
	buf := make([]byte, 1500)
	for {
		n, from, err := c.ReadFrom(buf)
		if err != nil {
			if ctx.Err() != nil {
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Second):
			}
			continue
		}
		c.WriteTo(buf[:n], from)
	}
}

// This context has no end.
func echoForEver(addr string) {
	c, err := net.ListenPacket("udp", addr)
	if err != nil {
		return
	}
	echo(context.Background(), c)
}

func echoOn(ctx context.Context, addr string) {
	c, err := net.ListenPacket("udp", addr) // want `c is never closed`
	if err != nil {
		return
	}
	echo(ctx, c)
}

// count returns at the end of the file as well.
func count(ctx context.Context, f *os.File) (n int) {
	buf := make([]byte, 1500)
	for ctx.Err() == nil {
		m, err := f.Read(buf)
		n += m
		if err != nil {
			return n
		}
	}
	return n
}

func countAll(path string) int {
	f, err := os.Open(path) // want `f is never closed`
	if err != nil {
		return 0
	}
	return count(context.Background(), f)
}

// Who serves a listener goes on until it is closed.
func greet(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	g := &serve.Greeter{Name: addr}
	return g.Serve(l)
}

func probe(addr string) error {
	l, err := net.Listen("tcp", addr) // want `l is never closed`
	if err != nil {
		return err
	}
	g := &serve.Greeter{Name: addr}
	return g.Probe(l)
}
