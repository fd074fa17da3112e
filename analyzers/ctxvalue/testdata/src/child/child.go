package child

import (
	"context"
	"net/http"
	"time"

	"child/derive"

	"golang.org/x/sync/errgroup"
)

type key struct{}

func do(context.Context) {}

func query(context.Context, string) error { return nil }

func named(ctx context.Context) {
	child := context.WithValue(ctx, key{}, 1) // want `the context that context.WithValue returns is never used: do is called without it`
	_ = child
	do(ctx)
}

func blank(ctx context.Context) {
	_, cancel := context.WithTimeout(ctx, time.Second) // want `the context that context.WithTimeout returns is never used: do is called without it`
	defer cancel()
	do(ctx)
}

func overwritten(ctx context.Context, other context.Context) {
	child := context.WithValue(ctx, key{}, 1) // want `the context that context.WithValue returns is never used: do is called without it`
	child = other
	do(child)
	do(ctx)
}

func middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		ctx = context.WithValue(ctx, key{}, 1) // want `the context that context.WithValue returns is never used: next.ServeHTTP is called without it`
		next.ServeHTTP(w, r)
	})
}

func dropped(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.WithContext(context.WithValue(r.Context(), key{}, 1)) // want `the request that r.WithContext returns is never used: next is called without it`
		next(w, r)
	}
}

func forgotten(ctx context.Context, s string) {
	derive.With(ctx, s) // want `the context that derive.With returns is never used: do is called without it`
	do(ctx)
}

func forgottenRequest(w http.ResponseWriter, r *http.Request, next http.Handler) {
	derive.Request(r, "x") // want `the request that derive.Request returns is never used: next.ServeHTTP is called without it`
	next.ServeHTTP(w, r)
}

// Nobody sees what a function does to its parameter.
func set(ctx context.Context) {
	ctx = context.WithValue(ctx, key{}, 1) // want `the context that context.WithValue returns is never used`
}

type server struct{ cancel context.CancelFunc }

func (s *server) start(ctx context.Context, run func(context.Context)) {
	_, s.cancel = context.WithCancel(ctx) // want `the context that context.WithCancel returns is never used: run is called without it`
	go run(ctx)
}

func detached(ctx context.Context, save func(context.Context) error) error {
	background := context.WithoutCancel(ctx) // want `the context that context.WithoutCancel returns is never used: save is called without it`
	_ = background
	return save(ctx)
}

func unlimited(ctx context.Context, query func(context.Context, string) error) error {
	_, cancel := derive.Limit(ctx, time.Minute) // want `the context that derive.Limit returns is never used: query is called without it`
	defer cancel()
	return query(ctx, "select 1")
}

// What is between them goes nowhere else.
func labeled(ctx context.Context, jobs []string) {
	for _, job := range jobs {
		_, cancel := context.WithTimeout(context.WithValue(ctx, key{}, job), time.Second) // want `the context that context.WithTimeout returns is never used: query is called without it`
		_ = query(ctx, job)
		cancel()
	}
}

func labeledInSteps(ctx context.Context, job string) error {
	named := context.WithValue(ctx, key{}, job)
	_, cancel := context.WithTimeout(named, time.Second) // want `the context that context.WithTimeout returns is never used: query is called without it`
	defer cancel()
	return query(ctx, job)
}

// It goes on without the deadline, and the parent says farewell.
func labeledBesides(ctx context.Context, job string, each func(func(context.Context))) {
	named := context.WithValue(ctx, key{}, job)
	bounded, cancel := context.WithTimeout(named, time.Second)
	defer cancel()
	each(func(context.Context) { _ = query(bounded, job) })
	do(ctx)
}

func unscoped(ctx context.Context) {
	inner, end := derive.Scope(ctx, 1) // want `the context that derive.Scope returns is never used: do is called without it`
	defer end()
	_ = inner
	do(ctx)
}

func inLiteral(ctx context.Context, each func(func(int))) {
	_, cancel := context.WithTimeout(ctx, time.Second) // want `the context that context.WithTimeout returns is never used: do is called without it`
	defer cancel()
	each(func(int) { do(ctx) })
}

func lonely(ctx context.Context, list []func(context.Context) error) error {
	g, _ := errgroup.WithContext(ctx) // want `the context that errgroup.WithContext returns is never used: f is called without it`
	for _, f := range list {
		g.Go(func() error { return f(ctx) })
	}
	return g.Wait()
}

func together(ctx context.Context, list []func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, f := range list {
		g.Go(func() error { return f(gctx) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	do(ctx)
	return nil
}

// Nothing goes on without them.
func withoutParent(ctx context.Context, f func() error) error {
	before := func() { do(ctx) }
	g, _ := errgroup.WithContext(ctx)
	g.Go(f)
	_, cancel := derive.Limit(ctx, 0)
	defer cancel()
	before()
	return g.Wait()
}

// What else is done with the parent, not by the group, is none of the group's.
func besides(ctx context.Context, list []func() error) error {
	g, _ := errgroup.WithContext(ctx)
	do(ctx)
	for _, f := range list {
		g.Go(f)
	}
	err := g.Wait()
	func() { do(ctx) }()
	return err
}

// A child of another, and one that is for measuring alone.
func measured(ctx context.Context) {
	_, cancel := derive.Fresh(ctx)
	defer cancel()
	_, t := derive.Task(ctx, "measured")
	defer t.Stop()
	do(ctx)
}

// Used, on some path or in some way.
func used(ctx context.Context, w http.ResponseWriter, r *http.Request, next http.Handler) context.Context {
	a := context.WithValue(ctx, key{}, 1)
	if r == nil {
		do(a)
	}
	do(ctx)

	b, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { <-b.Done() }()
	do(ctx)

	r2 := r.WithContext(a)
	next.ServeHTTP(w, r)
	next.ServeHTTP(w, r2)

	derive.Counted(ctx)
	do(ctx)

	c := context.WithValue(ctx, key{}, 2)
	func() { do(c) }()
	do(ctx)

	var s struct{ ctx context.Context }
	s.ctx = context.WithValue(ctx, key{}, 3)
	do(ctx)

	named := derive.With(ctx, "x")
	return named
}

// Nobody misses what nobody could have seen.
func openly(ctx context.Context) {
	_ = context.WithValue(ctx, key{}, 1)
	_, cancel := context.WithCancel(ctx)
	cancel()
}

func loop(ctx context.Context, list []string) {
	for _, s := range list {
		ctx := derive.With(ctx, s)
		do(ctx)
	}
	for range list {
		do(ctx)
		ctx = context.WithValue(ctx, key{}, 1)
	}
}

// A struct that was made before carries the parent to the call.

type order struct {
	ctx  context.Context
	item string
}

func deliver(o order) error { return o.ctx.Err() }

func timed(ctx context.Context, item string) error {
	o := order{ctx: ctx, item: item}
	ctx, cancel := context.WithTimeout(ctx, time.Second) // want `the context that context.WithTimeout returns is never used: deliver is called without it`
	defer cancel()
	return deliver(o)
}

func timedFirst(ctx context.Context, item string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return deliver(order{ctx: ctx, item: item})
}
