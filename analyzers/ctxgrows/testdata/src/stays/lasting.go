package stays

import (
	"context"
	"sync"
	"time"
)

type tagKey struct{}

func withTag(ctx context.Context, tag string) context.Context {
	return context.WithValue(ctx, tagKey{}, &tag)
}

// Set up once.
type Hub struct {
	mu     sync.Mutex
	ctx    context.Context
	cancel context.CancelFunc
}

func (h *Hub) SetTag(tag string) { // want SetTag:"context grows 0.ctx"
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ctx = withTag(h.ctx, tag)
}

func (h *Hub) Start() { // want Start:"context grows 0.ctx"
	h.ctx, h.cancel = context.WithTimeout(h.ctx, time.Minute)
}

func (h *Hub) name(tag string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ctx = withTag(h.ctx, tag)
}

func NewHub(ctx context.Context, tag string) *Hub { // want NewHub:"context 0=0"
	h := &Hub{ctx: ctx}
	h.name(tag)
	return h
}

// A state that a connection comes to once.
type Conn struct {
	mu    sync.Mutex
	ctx   context.Context
	known bool
}

func (c *Conn) Identify(user string) { // want Identify:"context grows 0.ctx"
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = true
	c.ctx = withTag(c.ctx, user)
}

func (c *Conn) context() context.Context {
	if !c.known {
		return nil
	}
	return c.ctx
}

// Things of one request.
type Call struct {
	ctx  context.Context
	send func(context.Context, string) error
}

func (c *Call) Tag(tag string) error { // want Tag:"context grows 0.ctx"
	c.ctx = withTag(c.ctx, tag)
	return c.send(c.ctx, tag)
}

func (c *Call) name() any { return c.ctx.Value(tagKey{}) }

var process = context.Background()

func initProcess(tag string) { process = withTag(process, tag) }

func label(tag string) { process = withTag(process, tag) }

func setup(tag string) {
	initProcess(tag)
	label(tag)
}

func Process() context.Context { return process }
