// Package stays holds contexts that look as if they grew, and do not.
package stays

import (
	"context"
	"net/http"
	"sync"
	"time"

	"ctxlib"
)

type key struct{}
type spanKey struct{}
type msg struct{ ID, Trace, Kind string }

func use(ctx context.Context, m msg) error  { return ctx.Err() }
func recv(ctx context.Context) (msg, error) { return msg{}, nil }

func g1(ctx context.Context, ms []msg) {
	for _, m := range ms {
		ctx := context.WithValue(ctx, key{}, m.ID)
		use(ctx, m)
	}
}

func g2(octx context.Context, ms []msg) {
	var ctx context.Context
	var cancel context.CancelFunc
	for _, m := range ms {
		ctx, cancel = context.WithTimeout(octx, time.Second)
		use(ctx, m)
		cancel()
	}
	_ = ctx
}

func g3(ctx context.Context) {
	for i := 0; i < 3; i++ {
		ctx = context.WithValue(ctx, key{}, i)
		use(ctx, msg{})
	}
}

func g4(ctx context.Context, mws []func(context.Context) context.Context) context.Context {
	for _, mw := range mws {
		ctx = mw(ctx)
	}
	return ctx
}

type hook interface {
	Before(ctx context.Context) (context.Context, error)
}

func g5(ctx context.Context, hs []hook) (err error) {
	for _, h := range hs {
		if ctx, err = h.Before(ctx); err != nil {
			return err
		}
	}
	return use(ctx, msg{})
}

type opt struct{ k, v any }

func (o opt) apply(ctx context.Context) context.Context { return context.WithValue(ctx, o.k, o.v) }

func g6(ctx context.Context, os []opt) context.Context {
	for _, o := range os {
		ctx = o.apply(ctx)
	}
	return ctx
}

func g7(ctx context.Context, vals map[any]any) context.Context {
	for k, v := range vals {
		ctx = context.WithValue(ctx, k, v)
	}
	return ctx
}

func g8(ctx context.Context, ms []msg) error {
	for _, m := range ms {
		if m.ID == "x" {
			ctx = context.WithValue(ctx, key{}, m.ID)
			break
		}
	}
	return use(ctx, msg{})
}

func g9(ctx context.Context, ms []msg) error {
	for _, m := range ms {
		if len(m.ID) > 3 {
			ctx = context.WithValue(ctx, key{}, m.ID)
			return use(ctx, m)
		}
	}
	return nil
}

func g10(ctx context.Context, ms []msg) {
	for _, m := range ms {
		if ctxlib.ID(ctx) == "" {
			ctx = ctxlib.WithID(ctx, m.ID)
		}
		use(ctx, m)
	}
}

func g11(ctx context.Context, ms []msg) {
	for _, m := range ms {
		ctx = ctxlib.Ensure(ctx)
		use(ctx, m)
	}
}

func g12(ctx context.Context, ms <-chan msg) {
	started := false
	for m := range ms {
		if !started {
			ctx = ctxlib.WithID(ctx, m.ID)
			started = true
		}
		use(ctx, m)
	}
}

type node struct {
	name string
	kids []*node
	next *node
}

func g13(ctx context.Context, n *node) {
	ctx = context.WithValue(ctx, spanKey{}, n.name)
	for _, k := range n.kids {
		g13(ctx, k)
	}
}

func g14(ctx context.Context, n *node) {
	if n == nil {
		return
	}
	ctx = context.WithValue(ctx, spanKey{}, n.name)
	use(ctx, msg{})
	g14(ctx, n.next)
}

func g15(ctx context.Context, attempts int) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if err := use(ctx, msg{}); err == nil || attempts == 0 {
		return err
	}
	return g15(ctx, attempts-1)
}

type srv struct {
	ctx    context.Context
	cancel context.CancelFunc
	once   sync.Once
	on     bool
	conn   *conn
}

type conn struct{ ctx context.Context }

func New(ctx context.Context) *srv { // want New:`context 0<0`
	s := &srv{ctx: ctx}
	s.ctx, s.cancel = context.WithCancel(s.ctx)
	return s
}

func (s *srv) Start() { // want Start:`context grows 0\.ctx`
	s.ctx, s.cancel = context.WithCancel(s.ctx)
	go s.loop()
}

func (s *srv) loop() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}

func (s *srv) g16() {
	s.once.Do(func() { s.ctx = context.WithValue(s.ctx, key{}, 1) })
}

func (s *srv) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.g16()
	s.g17()
	prev := s.ctx
	s.ctx = context.WithValue(s.ctx, key{}, r.URL.Path)
	defer func() { s.ctx = prev }()
	use(s.ctx, msg{})
	c := &conn{ctx: s.ctx}
	c.open("x")
}

func (s *srv) g17() {
	if s.on {
		return
	}
	s.on = true
	s.ctx = context.WithValue(s.ctx, key{}, 2)
}

func (c *conn) open(id string) {
	c.ctx = context.WithValue(c.ctx, key{}, id)
	use(c.ctx, msg{})
}

func (s *srv) Accept(ids <-chan string) {
	for id := range ids {
		c := &conn{ctx: s.ctx}
		c.open(id)
		go use(c.ctx, msg{})
	}
}

type builder struct{ ctx context.Context }

func (b *builder) With(k, v any) *builder { b.ctx = context.WithValue(b.ctx, k, v); return b } // want With:`context 0=0`
func (b *builder) Fixed(v string) *builder { // want Fixed:`context 0=0`
	b.ctx = context.WithValue(b.ctx, key{}, v)
	return b
}
func (b *builder) Copy(v string) *builder { // want Copy:`context 0<0`
	c := *b
	c.ctx = context.WithValue(b.ctx, key{}, v)
	return &c
}

func g18(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(context.WithValue(r.Context(), key{}, r.URL.Path))
		next.ServeHTTP(w, r)
	})
}

func g19(ctx context.Context, conns []*conn) {
	for _, c := range conns {
		c.ctx = context.WithValue(c.ctx, key{}, 1)
		use(c.ctx, msg{})
	}
}

func g20(ctx context.Context) {
	go func() {
		ctx = context.WithValue(ctx, key{}, 1)
		use(ctx, msg{})
	}()
	defer func() {
		ctx = context.WithValue(ctx, key{}, 2)
		use(ctx, msg{})
	}()
}

func g22(base context.Context, ms <-chan msg) {
	ctx := base
	for m := range ms {
		ctx = base
		ctx = ctxlib.WithID(ctx, m.ID)
		use(ctx, m)
	}
	use(ctx, msg{})
}

func g23(base context.Context, ms <-chan msg) {
	s := &srv{}
	for m := range ms {
		s.reset(base)
		s.ctx = ctxlib.WithID(s.ctx, m.ID)
		use(s.ctx, m)
	}
}

func (s *srv) reset(ctx context.Context) { s.ctx = ctx }

func g24(ctx context.Context, ms <-chan msg) {
	for m := range ms {
		switch m.Kind {
		case "login":
			ctx = ctxlib.WithID(ctx, m.ID)
		default:
			use(ctx, m)
		}
	}
}

func g25(ctx context.Context, hdr http.Header) context.Context {
	for name, vs := range hdr {
		if name == "X-Id" && len(vs) > 0 {
			ctx = ctxlib.WithID(ctx, vs[0])
		}
	}
	return ctx
}

func g26(ctx context.Context, r *http.Request, ms []msg) {
	for _, m := range ms {
		r2 := r.Clone(ctxlib.WithID(r.Context(), m.ID))
		use(r2.Context(), m)
	}
}

func g27(ctx context.Context, ms []msg) {
	var span context.Context
	for i, m := range ms {
		if i == 0 {
			ctx = ctxlib.WithID(ctx, m.ID)
		}
		if span == nil {
			span = ctxlib.WithID(ctx, m.ID)
		}
		use(span, m)
	}
}

func g28(ctx context.Context, fns map[string]func(context.Context) error) {
	for name, fn := range fns {
		func() {
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			_ = name
			fn(ctx)
		}()
	}
}
