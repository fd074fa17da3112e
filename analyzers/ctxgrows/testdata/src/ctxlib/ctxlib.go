// Package ctxlib derives contexts for the other fixtures.
package ctxlib

import (
	"context"
	"net/http"
)

type idKey struct{}
type userKey struct{}

func WithID(ctx context.Context, id string) context.Context { // want WithID:`context 0<0`
	return context.WithValue(ctx, idKey{}, id)
}

func ID(ctx context.Context) string { s, _ := ctx.Value(idKey{}).(string); return s }

func Ensure(ctx context.Context) context.Context { // want Ensure:`context 0=0`
	if ID(ctx) != "" {
		return ctx
	}
	return WithID(ctx, "new")
}

func WithUser(r *http.Request, u string) *http.Request { // want WithUser:`context 0<0`
	return r.WithContext(context.WithValue(r.Context(), userKey{}, u))
}

type Ctx struct {
	ctx  context.Context
	name string
}

func (c Ctx) With(k, v any) Ctx { // want With:`context 0<0`
	c.ctx = context.WithValue(c.ctx, k, v)
	return c
}

func (c *Ctx) Context() context.Context       { return c.ctx } // want Context:`context 0=0`
func (c *Ctx) SetContext(ctx context.Context) { c.ctx = ctx }  // want SetContext:`context sets 0=1`

type Session struct {
	ctx context.Context
}

func (s *Session) Begin(id string)      { s.ctx = context.WithValue(s.ctx, idKey{}, id) } // want Begin:`context grows 0\.ctx`
func (s *Session) Ctx() context.Context { return s.ctx }                                  // want Ctx:`context 0=0`

func Wrap[T any](ctx context.Context, v T) context.Context { // want Wrap:`context 0<0`
	return context.WithValue(ctx, idKey{}, v)
}

func Start(ctx context.Context, name string) (context.Context, func()) { // want Start:`context 0<0`
	ctx, cancel := context.WithCancel(ctx)
	return ctx, cancel
}
