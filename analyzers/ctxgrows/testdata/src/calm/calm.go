// Package calm holds contexts that do not grow in programs like real ones.
package calm

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"ctxlib"
)

type ctxKey int

const (
	reqKey ctxKey = iota
	txKey
)

func do(ctx context.Context, s string) error { return ctx.Err() }

// per-connection variable
func h1(ctx context.Context, l net.Listener) error {
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		connCtx := context.WithValue(ctx, reqKey, c.RemoteAddr())
		connCtx, cancel := context.WithCancel(connCtx)
		go func() { defer cancel(); do(connCtx, "") }()
	}
}

// reload: new child of the parent each time
func h2(parent context.Context, reload <-chan struct{}) {
	ctx, cancel := context.WithCancel(parent)
	for range reload {
		cancel()
		ctx, cancel = context.WithCancel(parent)
		go do(ctx, "")
	}
	cancel()
}

// transaction in closure
func h3(ctx context.Context, db *sql.DB, inTx func(func(*sql.Tx) error) error) error {
	return inTx(func(tx *sql.Tx) error {
		ctx = context.WithValue(ctx, txKey, tx)
		return do(ctx, "")
	})
}

// server life cycle
type Server struct {
	ctx     context.Context
	cancel  context.CancelFunc
	started atomic.Bool
	once    sync.Once
	mu      sync.Mutex
	tick    *time.Ticker
}

func (s *Server) Run() error {
	if !s.started.CompareAndSwap(false, true) {
		return errors.New("twice")
	}
	s.ctx, s.cancel = context.WithCancel(s.ctx)
	defer s.cancel()
	for {
		select {
		case <-s.ctx.Done():
			return nil
		case <-s.tick.C:
			s.beat()
		}
	}
}

func (s *Server) beat() {
	ctx, cancel := context.WithTimeout(s.ctx, time.Second)
	defer cancel()
	do(ctx, "")
}

func (s *Server) Stop() { s.cancel() }

func main() {
	for _, addr := range []string{"a", "b"} {
		s := &Server{ctx: context.Background()}
		s.init(addr)
		go s.Run()
	}
}

func (s *Server) init(addr string) { s.ctx = context.WithValue(s.ctx, reqKey, addr) }

// sessions made per handler call
type session struct{ ctx context.Context }

func (s *session) auth(u string) { s.ctx = context.WithValue(s.ctx, reqKey, u) }

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sess := &session{ctx: r.Context()}
	sess.auth(r.Header.Get("u"))
	do(sess.ctx, "")
	sess2 := s.newSession(r)
	sess2.auth("x")
}

func (s *Server) newSession(r *http.Request) *session { return &session{ctx: r.Context()} }

// pooled sessions that are set before
var pool = sync.Pool{New: func() any { return new(session) }}

func h4(ctx context.Context, ch <-chan string) {
	for u := range ch {
		s := pool.Get().(*session)
		s.ctx = ctx
		s.auth(u)
		do(s.ctx, u)
		s.ctx = nil
		pool.Put(s)
	}
}

// set back each time
func (s *session) h5(ctx context.Context, ch <-chan string) {
	for u := range ch {
		s.ctx = ctx
		s.auth(u)
		do(s.ctx, u)
	}
}

// graceful: retry at most 5 times
const maxTries = 5

func h6(ctx context.Context) (err error) {
	for try := 0; try < maxTries; try++ {
		ctx = context.WithValue(ctx, reqKey, try)
		if err = do(ctx, ""); err == nil {
			return nil
		}
	}
	return err
}

// search
func h7(ctx context.Context, cookies []*http.Cookie) error {
	for _, c := range cookies {
		if c.Name == "session" && c.Value != "" {
			ctx = context.WithValue(ctx, reqKey, c.Value)
		}
	}
	return do(ctx, "")
}

// composition over a list with keys, logging
func h8(ctx context.Context, attrs []struct{ k, v string }) error {
	type attrKey string
	for _, a := range attrs {
		ctx = context.WithValue(ctx, attrKey(a.k), a.v)
	}
	return do(ctx, "")
}

// tree with spans
type tree struct{ l, r *tree }

func (t *tree) walk(ctx context.Context) {
	if t == nil {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t.l.walk(ctx)
	t.r.walk(ctx)
}

// dir walk
func h9(ctx context.Context, dir string, read func(string) ([]string, error)) error {
	ctx = context.WithValue(ctx, reqKey, dir)
	subs, err := read(dir)
	if err != nil {
		return err
	}
	for _, s := range subs {
		if err := h9(ctx, dir+"/"+s, read); err != nil {
			return err
		}
	}
	return nil
}

// redirect with limit
func h10(ctx context.Context, url string, hops int) error {
	if hops > 10 {
		return errors.New("too many")
	}
	ctx = context.WithValue(ctx, reqKey, url)
	next, err := head(ctx, url)
	if err != nil || next == "" {
		return err
	}
	return h10(ctx, next, hops+1)
}

func head(ctx context.Context, url string) (string, error) { return "", nil }

// second try flag
func h11(ctx context.Context, again bool) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	err := do(ctx, "")
	if err != nil && !again {
		return h11(ctx, true)
	}
	return err
}

// depth in the context
type depthKey struct{}

func h12(ctx context.Context) error {
	d, _ := ctx.Value(depthKey{}).(int)
	if d > 8 {
		return errors.New("deep")
	}
	ctx = context.WithValue(ctx, depthKey{}, d+1)
	if do(ctx, "") == nil {
		return nil
	}
	return h12(ctx)
}

// swap to another parent in the loop
func h13(ctxs []context.Context) {
	var cur context.Context
	for _, c := range ctxs {
		cur = ctxlib.WithID(c, "x")
		do(cur, "")
	}
	_ = cur
}

// per-item context kept in items
type item struct{ ctx context.Context }

func h14(ctx context.Context, items []*item) {
	for _, it := range items {
		it.ctx = ctx
	}
	for i := range items {
		items[i].ctx = ctxlib.WithID(items[i].ctx, "x")
		do(items[i].ctx, "")
	}
}

// middleware chain, right to left
func h15(h http.Handler, mws []func(http.Handler) http.Handler) http.Handler {
	for i := len(mws) - 1; i >= 0; i-- {
		h = mws[i](h)
	}
	return h
}

// lazily
type lazy struct {
	mu  sync.Mutex
	ctx context.Context
	set bool
}

func (l *lazy) get(r *http.Request) context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.set {
		l.ctx = ctxlib.WithID(l.ctx, r.URL.Path)
		l.set = true
	}
	return l.ctx
}

func (l *lazy) handle(w http.ResponseWriter, r *http.Request) { do(l.get(r), "") }

// setter that others call
func (l *lazy) SetTraceID(id string) { l.ctx = ctxlib.WithID(l.ctx, id) } // want SetTraceID:`context grows 0\.ctx`

// first message decides
func h16(ctx context.Context, ch <-chan string) {
	first, ok := <-ch
	if !ok {
		return
	}
	ctx = ctxlib.WithID(ctx, first)
	for s := range ch {
		do(ctx, s)
	}
}

func h17(ctx context.Context, ch <-chan string) {
	var id string
	for s := range ch {
		if id == "" {
			id = s
			ctx = ctxlib.WithID(ctx, id)
			continue
		}
		do(ctx, s)
	}
}

// only the last phase
func h18(ctx context.Context, phases []string) error {
	for i, p := range phases {
		if i == len(phases)-1 {
			ctx = ctxlib.WithID(ctx, p)
		}
		if err := do(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// restore by hand
func (s *session) h19(ch <-chan string) {
	for u := range ch {
		old := s.ctx
		s.ctx = context.WithValue(s.ctx, reqKey, u)
		do(s.ctx, u)
		s.ctx = old
	}
}

// each connection's handler literal
func h20(ctx context.Context, l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		ctx := ctx
		go func() {
			defer c.Close()
			ctx = ctxlib.WithID(ctx, c.RemoteAddr().String())
			do(ctx, "")
		}()
	}
}

// unwrap
type wrapped struct{ context.Context }

func h21(ctx context.Context) context.Context {
	for {
		w, ok := ctx.(wrapped)
		if !ok {
			return ctx
		}
		ctx = w.Context
	}
}

// handler per connection: a constructor called by a factory
func factory(ctx context.Context) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := &perReq{ctx: r.Context()}
		h.ServeHTTP(w, r)
	})
}

type perReq struct{ ctx context.Context }

func (p *perReq) ServeHTTP(w http.ResponseWriter, r *http.Request) { // want ServeHTTP:`context grows 0\.ctx`
	p.ctx = ctxlib.WithID(p.ctx, r.URL.Path)
	do(p.ctx, "")
}

// A context that has ended is detached once: then it does not end again.
func h22(ctx context.Context, done <-chan error) error {
	for {
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			do(ctx, "still waiting")
			ctx = context.WithoutCancel(ctx) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		}
	}
}

// One retry with another token, and one attempt for each of two hosts.
func h23(ctx context.Context) (err error) {
	for _, host := range [...]string{"a", "b"} {
		ctx = ctxlib.WithID(ctx, host)
		if err = do(ctx, host); err == nil {
			return nil
		}
	}
	return err
}
