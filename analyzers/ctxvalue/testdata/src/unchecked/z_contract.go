package unchecked

import "context"

// Those who are given the value work with it; one function is for those who may not be.
type visitKey struct{}

type visit struct{ open int }

func withVisit(ctx context.Context, s *visit) context.Context {
	return context.WithValue(ctx, visitKey{}, s)
}

func begin(ctx context.Context) { ctx.Value(visitKey{}).(*visit).open++ }

func end(ctx context.Context) { ctx.Value(visitKey{}).(*visit).open-- }

func reset(ctx context.Context) { ctx.Value(visitKey{}).(*visit).open = 0 }

func count(ctx context.Context) int { return ctx.Value(visitKey{}).(*visit).open }

func visitIfAny(ctx context.Context) *visit {
	if v := ctx.Value(visitKey{}); v != nil {
		return v.(*visit)
	}
	return nil
}

// A switch of the program decides on both sides.
var audits bool

func EnableAudits() { audits = true }

type auditKey struct{}

type audit func()

func WithAudit(ctx context.Context) context.Context { // want WithAudit:`derives`
	if !audits {
		return ctx
	}
	return context.WithValue(ctx, auditKey{}, new(audit))
}

func SetAudit(ctx context.Context, a audit) {
	if !audits {
		return
	}
	*ctx.Value(auditKey{}).(*audit) = a
}

// Here it decides on one.
type traceKey struct{}

func WithTrace(ctx context.Context) context.Context { // want WithTrace:`derives`
	if !audits {
		return ctx
	}
	return context.WithValue(ctx, traceKey{}, new(audit))
}

func SetTrace(ctx context.Context, a audit) {
	*ctx.Value(traceKey{}).(*audit) = a // want `panics where`
}
