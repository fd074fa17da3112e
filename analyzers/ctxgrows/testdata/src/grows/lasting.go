package grows

import (
	"context"
	"net/http"
	"sync"
	"time"
)

type tagKey struct{}

func withTag(ctx context.Context, tag string) context.Context {
	return context.WithValue(ctx, tagKey{}, &tag)
}

// Things that serve many calls have a lock or a channel.
type Baggage struct {
	mu  sync.Mutex
	ctx context.Context
}

func (b *Baggage) Add(tag string) { // want Add:"context grows 0.ctx"
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ctx = withTag(b.ctx, tag) // want `b.ctx is rebuilt from itself by every call of Add: one more link each time`
}

type Feed struct {
	ctx  context.Context
	req  *http.Request
	in   chan string
	send func(context.Context, string) error
}

func (f *Feed) Push(tag string) error { // want Push:"context grows 0.ctx"
	f.ctx = withTag(f.ctx, tag) // want `f.ctx is rebuilt from itself by every call of Push`
	return f.send(f.ctx, tag)
}

func (f *Feed) Poll(tag string) (*http.Response, error) { // want Poll:"context grows 0.req"
	f.req = f.req.WithContext(withTag(f.req.Context(), tag)) // want `f.req is rebuilt from itself by every call of Poll`
	return http.DefaultClient.Do(f.req)
}

// What a call leaves behind has ended.
type Caller struct {
	ctx  context.Context
	call func(context.Context) error
}

func (c *Caller) Call() error { // want Call:"context grows 0.ctx"
	var cancel context.CancelFunc
	c.ctx, cancel = context.WithTimeout(c.ctx, time.Minute) // want `c.ctx is rebuilt from itself by every call of Call: one more link each time, and all of them end`
	defer cancel()
	return c.call(c.ctx)
}

var process = context.Background()

func Label(tag string) {
	process = withTag(process, tag) // want `package variable process is rebuilt from itself by every call of Label`
}

func Process() context.Context { return process }

// The next page is found by the one before: there may be any number.
func chase(ctx context.Context, url string, next func(context.Context, string) (string, error)) error {
	to, err := next(ctx, url)
	if err != nil {
		return err
	}
	sub, cancel := context.WithTimeout(ctx, time.Minute) // want `each call of chase makes the context of the next from its own`
	defer cancel()
	return chase(sub, to, next)
}
