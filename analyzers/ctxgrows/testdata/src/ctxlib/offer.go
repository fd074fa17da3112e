package ctxlib

import "context"

// A Log goes with a context. One of its types is not to be asked for that.
type Log interface {
	Named(name string) Log
	In(ctx context.Context) (context.Context, Log) // want In:`context 0<1`
}

type logKey struct{}

type lines struct{ name string }

func NewLog() Log { return &lines{} }

func (l *lines) Named(name string) Log { return &lines{l.name + name} }

func (l *lines) In(ctx context.Context) (context.Context, Log) { // want In:`context 0<1`
	return context.WithValue(ctx, logKey{}, l), l
}

type early struct{}

func (e early) Named(name string) Log                       { return e }
func (early) In(ctx context.Context) (context.Context, Log) { panic("too early") }

// Its types do not agree.
type Tracer interface {
	Begin(ctx context.Context) context.Context
}

type tracer struct{}

func (tracer) Begin(ctx context.Context) context.Context { return context.WithValue(ctx, logKey{}, 1) } // want Begin:`context 0<1`

type silent struct{}

func (silent) Begin(ctx context.Context) context.Context { return ctx } // want Begin:`context 0=1`
