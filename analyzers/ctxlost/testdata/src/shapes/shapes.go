// Package shapes has code of forms that are seldom seen.
package shapes

import (
	"context"
	. "context"
	stdctx "context"
	"net/http"
)

type saver interface {
	Save(ctx context.Context, v any) error
}

type embedded struct{ saver }

func (e embedded) promoted(ctx context.Context) error {
	return e.Save(stdctx.Background(), 1) // want `e.Save goes on`
}

func dotted(ctx Context, s saver) error {
	return s.Save(Background(), 1) // want `s.Save goes on`
}

func methodValue(ctx context.Context, s saver) error {
	f := s.Save
	return f(context.Background(), 1) // want `f goes on`
}

func methodExpr(ctx context.Context, s saver) error {
	return saver.Save(s, context.Background(), 1) // want `saver.Save goes on`
}

func rootValue(ctx context.Context, s saver) error {
	root := context.Background
	return s.Save(root(), 1)
}

func generic[S saver](ctx context.Context, s S) error {
	return s.Save(context.Background(), 1) // want `s.Save goes on`
}

func gotos(ctx context.Context, s saver, n int) (err error) {
again:
	if err = s.Save(context.Background(), n); err == nil && n > 0 { // want `s.Save goes on`
		n--
		goto again
	}
	return err
}

func inCase(ctx context.Context, s saver, n int) error {
	switch n {
	case 1, 2:
		return s.Save(context.Background(), n) // want `s.Save goes on`
	}
	switch {
	case s.Save(context.Background(), n) == nil: // want `s.Save goes on`
		return nil
	}
	return nil
}

func inPlace(ctx context.Context, s saver) error {
	return func() error {
		return s.Save(context.Background(), 1) // want `s.Save goes on`
	}()
}

func variadic(ctxs ...context.Context) error { return ctxs[0].Err() }

func many(ctx context.Context) error {
	return variadic(context.Background(), context.TODO())
}

func boxed(ctx context.Context, f func(...any) error) error {
	return f(context.Background())
}

type namedCtx context.Context

func named(ctx namedCtx, s saver) error {
	return s.Save(context.Background(), 1)
}

func several(a, b context.Context, s saver) error {
	return s.Save(context.Background(), 1) // want `pass a`
}

func anonymous(context.Context, http.ResponseWriter, *http.Request) {
	go func() {}()
}

var handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	go func(s saver) {
		s.Save(r.Context(), 1) // want `s.Save then fails`
	}(embedded{})
})

var global = func(ctx context.Context, s saver) error {
	return s.Save(context.Background(), 1) // want `s.Save goes on`
}

// What a handler is called says nothing about who waits for it.

func reportSaved(w http.ResponseWriter, r *http.Request) {
	if err := (embedded{}).Save(context.Background(), 1); err != nil { // want `Save goes on`
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

func reportTo(ctx context.Context, s saver) error {
	return s.Save(context.Background(), 1)
}

// Who drops the answer, where others ask for it, cannot do without what the call gets: it must not give up.

type berth chan struct{}

func (b berth) take(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-b:
		return true
	}
}

func (b berth) load(ctx context.Context, s saver) error {
	b.take(context.Background())
	defer func() { b <- struct{}{} }()
	return s.Save(ctx, 1)
}

func (b berth) unload(ctx context.Context, s saver) error {
	if !b.take(context.Background()) { // want `b.take goes on`
		return context.Canceled
	}
	defer func() { b <- struct{}{} }()
	return s.Save(ctx, 1)
}
