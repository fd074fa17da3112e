package grows

import (
	"context"

	"ctxlib"
)

func worker(ctx context.Context, log ctxlib.Log, jobs <-chan msg) {
	for m := range jobs {
		ctx, log = log.Named(m.ID).In(ctx) // want `^ctx is rebuilt from itself in a loop`
		use(ctx, m)
	}
}

type shelf interface {
	label(ctx context.Context, s string) context.Context
}

type wood struct{}

func (wood) label(ctx context.Context, s string) context.Context {
	return context.WithValue(ctx, key{}, s)
}

func labels(ctx context.Context, s shelf, jobs <-chan msg) {
	for m := range jobs {
		ctx = s.label(ctx, m.ID) // want `^ctx is rebuilt from itself in a loop`
		use(ctx, m)
	}
}
