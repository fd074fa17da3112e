package chain // want package:"string keys"

import (
	"context"
	"net/http"
	"time"

	"keys"
)

type (
	k1 struct{}
	k2 struct{}
	k3 struct{}
	k4 struct{}
	K5 struct{}
	K6 struct{}
	K7 struct{}
)

type data struct{ n int }

func nested(ctx context.Context, a, b, c, d *data) context.Context {
	return context.WithValue(context.WithValue(context.WithValue(context.WithValue(ctx, k1{}, a), k2{}, b), k3{}, c), k4{}, d) // want `4 context.WithValue calls in a row make 4 allocations and a lookup 4 links deep; store one struct under one key`
}

func handler(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	id := r.Header.Get("id")
	ctx = context.WithValue(ctx, k1{}, id) // want `4 context.WithValue calls in a row make up to 5 allocations`
	ctx = context.WithValue(ctx, k2{}, true)
	if id == "" {
		return
	}
	ctx = context.WithValue(ctx, k3{}, r)
	ctx = context.WithValue(ctx, k4{}, 12)
	_ = ctx
}

func captured(ctx context.Context, d *data) {
	ctx = context.WithValue(ctx, k1{}, d) // want `4 context.WithValue calls in a row make 4 allocations`
	ctx = context.WithValue(ctx, k2{}, d)
	ctx = context.WithValue(ctx, k3{}, d)
	ctx = context.WithValue(ctx, k4{}, d)
	go func() { <-ctx.Done() }()
}

func conditional(ctx context.Context, d *data) context.Context {
	ctx = context.WithValue(ctx, k1{}, d)
	if d != nil {
		ctx = context.WithValue(ctx, k2{}, d)
	}
	ctx = context.WithValue(ctx, k3{}, d)
	return context.WithValue(ctx, k4{}, d)
}

func three(ctx context.Context, d *data) context.Context {
	ctx = context.WithValue(ctx, k1{}, d)
	ctx = context.WithValue(ctx, k2{}, d)
	return context.WithValue(ctx, k3{}, d)
}

// What other packages read must stay where they look.
func exported(ctx context.Context, d *data) context.Context {
	ctx = context.WithValue(ctx, K5{}, d)
	ctx = context.WithValue(ctx, K6{}, d)
	ctx = context.WithValue(ctx, K7{}, d)
	ctx = context.WithValue(ctx, keys.User, d)
	ctx = context.WithValue(ctx, keys.Server, d)
	return context.WithValue(ctx, k1{}, d)
}

// Siblings do not stack.
func siblings(ctx context.Context, d *data) {
	_ = context.WithValue(ctx, k1{}, d)
	_ = context.WithValue(ctx, k2{}, d)
	_ = context.WithValue(ctx, k3{}, d)
	_ = context.WithValue(ctx, k4{}, d)
}

// Once per process.
func start(d *data) context.Context {
	ctx := context.WithValue(context.Background(), k1{}, d)
	ctx = context.WithValue(ctx, k2{}, d)
	ctx = context.WithValue(ctx, k3{}, d)
	return context.WithValue(ctx, k4{}, d)
}

func with1(ctx context.Context, d *data) context.Context { return context.WithValue(ctx, k1{}, d) }
func with2(ctx context.Context, d *data) context.Context { return context.WithValue(ctx, k2{}, d) }
func with3(ctx context.Context, d *data) context.Context { return context.WithValue(ctx, k3{}, d) }
func with4(d *data, ctx context.Context) context.Context { return context.WithValue(ctx, k4{}, d) }

func helpers(r *http.Request, d *data) *http.Request {
	ctx := with1(r.Context(), d) // want `4 context.WithValue calls in a row make 4 allocations`
	ctx = with2(ctx, d)
	ctx = with3(ctx, d)
	return r.WithContext(with4(d, ctx))
}

// Each where it is needed.
func someHelpers(ctx context.Context, d *data) context.Context {
	ctx = with1(ctx, d)
	if d != nil {
		ctx = with2(ctx, d)
	}
	ctx = with3(ctx, d)
	return with4(d, ctx)
}

// Each value is needed before the next one is there.
func between(ctx context.Context, d *data, init func(context.Context)) context.Context {
	ctx = context.WithValue(ctx, k1{}, d)
	ctx = context.WithValue(ctx, k2{}, d)
	init(ctx)
	ctx = context.WithValue(ctx, k3{}, d)
	return context.WithValue(ctx, k4{}, d)
}

// Three keys, one of them twice.
func override(ctx context.Context, d *data) context.Context {
	ctx = context.WithValue(ctx, k1{}, d)
	ctx = context.WithValue(ctx, k2{}, d)
	ctx = context.WithValue(ctx, k3{}, d)
	return context.WithValue(ctx, k3{}, &data{1})
}

// In a field.
type operation struct {
	ctx   context.Context
	other context.Context
}

func (o *operation) fill(a, b, c, d *data) {
	o.ctx = context.WithValue(o.ctx, k1{}, a) // want `4 context.WithValue calls in a row`
	o.ctx = context.WithValue(o.ctx, k2{}, b)
	o.ctx = context.WithValue(o.ctx, k3{}, c)
	o.ctx = context.WithValue(o.ctx, k4{}, d)
}

// The context of the field is used in between, or another one goes into it.
func (o *operation) step(run func(context.Context), a, b, c, d *data) {
	o.ctx = context.WithValue(o.ctx, k1{}, a)
	o.ctx = context.WithValue(o.ctx, k2{}, b)
	run(o.ctx)
	o.ctx = context.WithValue(o.ctx, k3{}, c)
	o.ctx = context.WithValue(o.ctx, k4{}, d)
}

func (o *operation) two(a, b, c, d *data) {
	o.ctx = context.WithValue(o.ctx, k1{}, a)
	o.other = context.WithValue(o.other, k2{}, b)
	o.ctx = context.WithValue(o.ctx, k3{}, c)
	o.other = context.WithValue(o.other, k4{}, d)
}
