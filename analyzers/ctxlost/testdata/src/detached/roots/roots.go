// Package roots makes contexts.
package roots

import (
	"context"
	"time"
)

func Query() context.Context { // want Query:"makes a root context"
	ctx := context.Background()
	return ctx
}

func Timed(d time.Duration) (ctx context.Context, cancel context.CancelFunc) { // want Timed:"makes a root context"
	ctx, cancel = context.WithTimeout(Query(), d)
	return
}

func Of(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }

func Background() context.Context { return context.Background() }

// Results keeps what has been found out.
var Results results

type results struct{ of map[int]error }

func (r *results) Put(id int, err error) { r.of[id] = err }
