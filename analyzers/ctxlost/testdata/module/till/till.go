package till

import (
	"context"

	"example.test/till/call"
)

type drawer interface {
	Open(ctx context.Context, n int) error
	Take(ctx context.Context, n int) (int, error)
}

func take(d drawer, c *call.Call) (int, error) {
	return d.Take(context.Background(), c.Till) // want `drops the deadline and cancellation of c: d.Take goes on`
}

func right(d drawer, c *call.Call) (int, error) {
	return d.Take(c, c.Till)
}
