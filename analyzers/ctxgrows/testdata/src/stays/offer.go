package stays

import (
	"context"

	"ctxlib"
)

func each(ctx context.Context, log ctxlib.Log, t ctxlib.Tracer, jobs <-chan string) {
	for j := range jobs {
		ctx, _ := log.Named(j).In(ctx)
		ctx = t.Begin(ctx)
		<-ctx.Done()
	}
	for range jobs {
		ctx = t.Begin(ctx)
		<-ctx.Done()
	}
}
