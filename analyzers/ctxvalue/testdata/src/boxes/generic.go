package boxes

import (
	"context"

	"boxes/bag"
)

type cell[T any] struct{ name string }

func (c *cell[T]) with(ctx context.Context, v T) context.Context {
	return context.WithValue(ctx, c, v)
}

type table struct{ rows [32]uint64 }

var tables = &cell[table]{"tables"}

func genericByValue(ctx context.Context, load func() table) context.Context {
	t := load()
	ctx = tables.with(ctx, t) // want `t is 256 bytes that are copied to the heap`
	return bag.Keep(ctx, t)   // want `t is 256 bytes that are copied to the heap`
}

var (
	references = &cell[*table]{"references"}
	counts     = &cell[int]{"counts"}
)

func genericByPointer(ctx context.Context, t *table, n int) context.Context {
	ctx = references.with(ctx, t)
	ctx = counts.with(ctx, n)
	return bag.Keep(ctx, t)
}
