// Package busy holds contexts that grow in programs like real ones.
package busy

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime/trace"
	"sync"
	"time"

	"ctxlib"
)

type ctxKey int

const (
	reqKey ctxKey = iota
	connKey
	loggerKey
)

type Logger struct{ l *slog.Logger }

func withLogger(ctx context.Context, l *slog.Logger) context.Context {
	if l == nil {
		l = slog.Default()
	}
	return context.WithValue(ctx, loggerKey, l)
}

func from(ctx context.Context) *slog.Logger {
	if l, ok := ctx.Value(loggerKey).(*slog.Logger); ok {
		return l
	}
	return slog.Default()
}

func do(ctx context.Context, s string) error { return ctx.Err() }

// d1 logger enrich in read loop
func d1(ctx context.Context, c net.Conn) error {
	sc := bufio.NewScanner(c)
	for sc.Scan() {
		line := sc.Text()
		ctx = withLogger(ctx, from(ctx).With("line", line)) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		if err := do(ctx, line); err != nil {
			return err
		}
	}
	return sc.Err()
}

// d2 accept loop
func d2(ctx context.Context, l net.Listener) error {
	for {
		c, err := l.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return nil
			}
			continue
		}
		ctx = context.WithValue(ctx, connKey, c.RemoteAddr()) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		go serve(ctx, c)
	}
}

func serve(ctx context.Context, c net.Conn) {}

// d3 worker pool with shared field by pointer to embedded struct
type state struct {
	mu  sync.Mutex
	ctx context.Context
}
type Pool struct {
	*state
	jobs chan string
}

func (p *Pool) process(j string) error {
	p.mu.Lock()
	p.ctx = context.WithValue(p.ctx, reqKey, j) // want `^p\.ctx is rebuilt from itself by every call of process: one more link each time, kept in memory and walked by every lookup; use a local variable$`
	ctx := p.ctx
	p.mu.Unlock()
	return do(ctx, j)
}

func (p *Pool) Run(n int) {
	for range n {
		go p.worker()
	}
}

func (p *Pool) worker() {
	for j := range p.jobs {
		if err := p.process(j); err != nil {
			return
		}
	}
}

// d4 middleware as method value handler
type API struct {
	base context.Context
	mux  *http.ServeMux
}

func (a *API) routes() {
	a.mux.HandleFunc("/a", a.get)
}

func (a *API) get(w http.ResponseWriter, r *http.Request) {
	a.base = withLogger(a.base, slog.Default()) // want `^a\.base is rebuilt from itself by every call of get: one more link each time, kept in memory and walked by every lookup; use a local variable$`
	do(a.base, r.URL.Path)
}

// d5 ticker with timeout
func d5(ctx context.Context) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for range t.C {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Second) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, and all of them end once one is cancelled or past its deadline; derive it from the context outside the loop$`
		do(ctx, "")
		cancel()
	}
}

// d6 trace tasks
func d6(ctx context.Context, items []string) {
	for _, it := range items {
		var task *trace.Task
		ctx, task = trace.NewTask(ctx, it) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		do(ctx, it)
		task.End()
	}
}

// d7 derived in both branches
func d7(ctx context.Context, items []string) {
	for _, it := range items {
		if it == "" {
			ctx = context.WithValue(ctx, reqKey, "none") // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		} else {
			ctx = context.WithValue(ctx, reqKey, it)
		}
		do(ctx, it)
	}
}

// d8 labelled continue
func d8(ctx context.Context, m map[string][]string) {
outer:
	for k, vs := range m {
		ctx = ctxlib.WithID(ctx, k) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		for _, v := range vs {
			if do(ctx, v) != nil {
				continue outer
			}
		}
	}
}

// d9 generic struct
type Task[T any] struct {
	ctx context.Context
	arg T
}

func (t *Task[T]) exec(arg T) {
	t.arg = arg
	t.ctx = context.WithValue(t.ctx, reqKey, arg) // want `^t\.ctx is rebuilt from itself by every call of exec: one more link each time, kept in memory and walked by every lookup; use a local variable$`
	do(t.ctx, "")
}

func (t *Task[T]) Loop(in <-chan T) {
	for v := range in {
		t.exec(v)
	}
}

// d10 interface wrapped context
type Ctx interface {
	context.Context
	Name() string
}
type impl struct {
	context.Context
	name string
}

func (i impl) Name() string        { return i.name }
func withName(c Ctx, n string) Ctx { return impl{c, n} }

func d10(c Ctx, names []string) {
	for _, n := range names {
		c = withName(c, n) // want `^c is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		do(c, n)
	}
}

// d11 pagination by recursion
type page struct {
	items []string
	next  string
}

func fetch(ctx context.Context, token string) (page, error) { return page{}, ctx.Err() }

func d11(ctx context.Context, token string, out []string) ([]string, error) {
	ctx = context.WithValue(ctx, reqKey, token) // want `^each call of d11 makes the context of the next from its own: one more link each time, kept in memory and walked by every lookup; use a loop and derive from the context outside it$`
	p, err := fetch(ctx, token)
	if err != nil {
		return nil, err
	}
	out = append(out, p.items...)
	if p.next == "" {
		return out, nil
	}
	return d11(ctx, p.next, out)
}

// d12 reconnect recursion
type client struct {
	addr string
	ctx  context.Context
}

func (c *client) d12(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx) // want `^each call of d12 makes the context of the next from its own: one more link each time, and all of them end once one is cancelled; use a loop and derive from the context outside it$`
	defer cancel()
	if err := do(ctx, c.addr); err != nil {
		time.Sleep(time.Second)
		c.d12(ctx)
	}
}

// d13 goroutine that re-spawns itself
func (c *client) d13(ctx context.Context) {
	ctx = context.WithValue(ctx, connKey, c.addr) // want `^each call of d13 makes the context of the next from its own: one more link each time, kept in memory and walked by every lookup; use a loop and derive from the context outside it$`
	do(ctx, "")
	select {
	case <-ctx.Done():
		return
	case <-time.After(time.Second):
		go c.d13(ctx)
	}
}

// d14 slice of args through index
func d14(ctx context.Context, batches [][]string) {
	for i := range batches {
		for j := range batches[i] {
			ctx = ctxlib.WithID(ctx, batches[i][j]) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
			do(ctx, batches[i][j])
		}
	}
}

// d15 errgroup-like with captured ctx
func d15(ctx context.Context, items []string) {
	var wg sync.WaitGroup
	for _, it := range items {
		wg.Go(func() {
			ctx = ctxlib.WithID(ctx, it) // want `^ctx is declared outside the function literal and rebuilt from itself by every call of it: one more link each time, kept in memory and walked by every lookup; use a variable of the literal$`
			do(ctx, it)
		})
	}
	wg.Wait()
}

// d16 returned request
func tag(r *http.Request, k string) *http.Request {
	ctx := context.WithValue(r.Context(), reqKey, k)
	return r.Clone(ctx)
}

func d16(r *http.Request, keys []string) {
	req := r
	for _, k := range keys {
		req = tag(req, k) // want `^req is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		http.DefaultTransport.RoundTrip(req)
	}
}

// d17 in-place request
func d17(r *http.Request, keys []string) {
	for _, k := range keys {
		*r = *r.WithContext(ctxlib.WithID(r.Context(), k)) // want `^\*r is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		do(r.Context(), k)
	}
}

// d18 struct by value with ctx in for with cond
type job struct {
	ctx context.Context
	n   int
}

func d18(j job) {
	for j.n < 1000 {
		j.ctx = context.WithValue(j.ctx, reqKey, j.n) // want `^j\.ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		do(j.ctx, "")
		j.n++
	}
}

// d19 copy builder in a loop
func (j *job) with(n int) *job {
	c := *j
	c.ctx = context.WithValue(j.ctx, reqKey, n)
	return &c
}

func d19(j *job, ch <-chan int) {
	for n := range ch {
		j = j.with(n) // want `^j is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		do(j.ctx, "")
	}
}

// d20 func literal derived
func d20(ctx context.Context, ch <-chan int) {
	derive := func(ctx context.Context, n int) context.Context {
		return context.WithValue(ctx, reqKey, n)
	}
	for n := range ch {
		ctx = derive(ctx, n) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		do(ctx, "")
	}
}

// d21 mutual via helper that loops
func d21(ctx context.Context, ch <-chan int) {
	loop(ch, func(n int) {
		ctx = context.WithValue(ctx, reqKey, n) // want `^ctx is declared outside the function literal and rebuilt from itself by every call of it: one more link each time, kept in memory and walked by every lookup; use a variable of the literal$`
		do(ctx, "")
	})
}

func loop(ch <-chan int, f func(int)) {
	for n := range ch {
		f(n)
	}
}

// d22 own context mutator through pointer
type reqCtx struct {
	context.Context
}

func (c *reqCtx) Set(k, v any) { c.Context = context.WithValue(c, k, v) } // want `^c\.Context is made from c, which asks c\.Context in turn: a lookup of a missing key overflows the stack; derive it from c\.Context$`

// d23 package var in loop
var app = context.Background()

func d23(ch <-chan string) {
	for s := range ch {
		app = ctxlib.WithID(app, s) // want `^app is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		do(app, s)
	}
}

// d24 two variables swap
func d24(parent context.Context, ch <-chan string) {
	ctx, cancel := context.WithCancel(parent)
	defer func() { cancel() }()
	for s := range ch {
		ctx, cancel = context.WithCancel(ctx) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, and all of them end once one is cancelled; derive it from the context outside the loop$`
		do(ctx, s)
	}
}

// d25 named type ctx field in nested struct
type outer struct{ in struct{ ctx context.Context } }

func (o *outer) d25(ch <-chan string) {
	for s := range ch {
		o.in.ctx = ctxlib.WithID(o.in.ctx, s) // want `^o\.in\.ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		do(o.in.ctx, s)
	}
}

// A walker whose goroutine gives each directory the context of the one before.
func d26(ctx context.Context, next func(context.Context) (context.Context, string, error)) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		for {
			dirCtx, dir, err := next(ctx)
			if err != nil {
				return
			}
			ctx = context.WithValue(ctx, reqKey, dirCtx.Value(reqKey)) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
			ctx, task := trace.NewTask(ctx, dir)
			do(ctx, dir)
			task.End()
		}
	}()
}

// A pager whose second page begins with a context that has ended.
func d27(ctx context.Context, more func() bool) error {
	for more() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Second) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, and all of them end once one is cancelled or past its deadline; derive it from the context outside the loop$`
		err := do(ctx, "")
		cancel()
		if err != nil {
			return err
		}
	}
	return nil
}

// A flag that each item sets again for all that follow.
func d28(ctx context.Context, flagged bool, items []string) {
	for _, it := range items {
		if flagged {
			ctx = context.WithValue(ctx, reqKey, true) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		}
		do(ctx, it)
	}
}

// A literal that no function encloses.
var health = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	app = ctxlib.WithID(app, r.URL.Path) // want `^package variable app is rebuilt from itself by every call of the function literal: one more link each time, kept in memory and walked by every lookup; use a local variable$`
	do(app, "")
})
