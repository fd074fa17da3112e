package exits

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// A beacon keeps a line to its base.
type beacon struct {
	dial func(ctx context.Context, addr string) (net.Conn, error)
	end  context.CancelFunc
	life context.Context

	mu   sync.Mutex
	line net.Conn
}

func (b *beacon) set(c net.Conn) {
	b.mu.Lock()
	b.line = c
	b.mu.Unlock()
}

func Light(ctx context.Context, addr string) *beacon {
	ctx, end := context.WithCancel(ctx)
	b := &beacon{end: end, life: ctx}
	go b.connect(ctx, addr)
	go b.again(addr)
	go b.patient(ctx, addr)
	return b
}

func (b *beacon) Close() { b.end() }

func (b *beacon) connect(ctx context.Context, addr string) {
	for {
		c, err := b.dial(ctx, addr) // want `this loop never ends once the context has: b.dial fails from then on, again and again, and nothing but its success leaves the loop`
		if err == nil {
			b.set(c)
			return
		}
		time.Sleep(time.Second)
	}
}

// open fails when its context has ended, for what it calls does.
func (b *beacon) open(ctx context.Context, addr string) (net.Conn, error) {
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	c, err := b.dial(short, addr)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", addr, err)
	}
	return c, nil
}

// The context in the field is the one that Close ends.
func (b *beacon) again(addr string) {
	for {
		c, err := b.open(b.life, addr) // want `this loop never ends once the context has: b.open fails`
		if err != nil {
			fmt.Println(err)
			time.Sleep(time.Second)
			continue
		}
		b.set(c)
		break
	}
	fmt.Println("up")
}

// Ask is for a caller that may give up.
func Ask(ctx context.Context, url string) (*http.Response, error) {
	for {
		req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
		if err != nil {
			return nil, err
		}
		resp, err := http.DefaultClient.Do(req) // want `this loop never ends once the context has: Do fails`
		if err == nil {
			return resp, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// Ready waits for a database.
func Ready(ctx context.Context, db *sql.DB) {
	for db.PingContext(ctx) != nil { // want `this loop never ends once the context has: db.PingContext fails`
		time.Sleep(time.Second)
	}
}

// patient looks at its context while it waits.
func (b *beacon) patient(ctx context.Context, addr string) {
	for {
		c, err := b.dial(ctx, addr)
		if err == nil {
			b.set(c)
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}

// Tries has had enough some time.
func Tries(ctx context.Context, b *beacon, addr string) (c net.Conn, err error) {
	for range 5 {
		if c, err = b.dial(ctx, addr); err == nil {
			return c, nil
		}
		time.Sleep(time.Second)
	}
	return nil, err
}

// Knows asks what the error is.
func Knows(ctx context.Context, b *beacon, addr string) net.Conn {
	for {
		c, err := b.dial(ctx, addr)
		if err == nil || errors.Is(err, context.Canceled) {
			return c
		}
		time.Sleep(time.Second)
	}
}

// session is over, without an error, when its context is.
func (b *beacon) session(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if _, err := b.line.Write([]byte{0}); err != nil {
				return err
			}
		}
	}
}

func (b *beacon) Sessions(ctx context.Context) {
	for {
		if err := b.session(ctx); err == nil {
			return
		}
		time.Sleep(time.Second)
	}
}

// Runs does not know what who returns only an error does at the end.
func Runs(ctx context.Context, run func(context.Context) error) {
	for {
		if run(ctx) == nil {
			return
		}
		time.Sleep(time.Second)
	}
}

// Fresh gives each try a context of its own, which has nothing to do with that of the caller.
func Fresh(ctx context.Context, b *beacon, addr string) net.Conn {
	for {
		short, cancel := context.WithTimeout(context.Background(), time.Second)
		c, err := b.dial(short, addr)
		cancel()
		if err == nil {
			return c
		}
		if ctx.Err() != nil {
			return nil
		}
		time.Sleep(time.Second)
	}
}

// unended is given a context by nobody but a function that has one without an end.
func unended(ctx context.Context, b *beacon, addr string) net.Conn {
	for {
		c, err := b.dial(ctx, addr)
		if err == nil {
			return c
		}
		time.Sleep(time.Second)
	}
}

func Endless(b *beacon, addr string) net.Conn { return unended(context.Background(), b, addr) }

// Follow has no way out at all.
func Follow(ctx context.Context, fetch func(context.Context) (string, error)) {
	go func() {
		for {
			line, err := fetch(ctx) // want `this loop never ends once the context has: fetch fails from then on, again and again, and nothing leaves the loop`
			if err != nil {
				time.Sleep(time.Second)
				continue
			}
			fmt.Println(line)
		}
	}()
}

// A ferry crosses until it is laid up, and is fetched again when it breaks down.
type ferry struct {
	fetch func(name string) (net.Conn, error)
	laid  chan struct{}
	mu    sync.Mutex
	boat  net.Conn
}

func NewFerry(fetch func(string) (net.Conn, error)) *ferry {
	f := &ferry{fetch: fetch, laid: make(chan struct{})}
	go f.cross()
	go f.patrol()
	return f
}

func (f *ferry) Close() { close(f.laid) }

func (f *ferry) over() bool {
	select {
	case <-f.laid:
		return true
	default:
		return false
	}
}

func (f *ferry) cross() {
	for !f.over() {
		boat := f.replace()
		if _, err := boat.Read(nil); err != nil {
			boat.Close()
		}
	}
}

func (f *ferry) replace() net.Conn {
	for {
		time.Sleep(time.Second)
		boat, err := f.fetch("boat") // want `this loop does not end with Close, which closes laid: as long as f.fetch fails it tries again, and nothing but its success leaves the loop`
		if err != nil {
			continue
		}
		return boat
	}
}

// patrol looks at the end before it tries again.
func (f *ferry) patrol() {
	for {
		boat, err := f.fetch("guard")
		if err != nil {
			if f.over() {
				return
			}
			time.Sleep(time.Second)
			continue
		}
		boat.Close()
		return
	}
}
