package serve

import "context"

// Interceptors of a framework of the program's own: they are given a request, and who handles it next.

type order struct{ id string }

type handler func(ctx context.Context, o *order) ([]byte, error)

type limits struct{ max int }

func (l *limits) around(ctx context.Context, o *order, next handler) ([]byte, error) {
	mark() // want `request: on every request`
	return next(ctx, o)
}

type endpoint func(ctx context.Context, request any) (any, error)

func traced(ctx context.Context, request any, next endpoint) (any, error) {
	mark() // want `request: on every request`
	return next(ctx, request)
}

// Helpers that call a function: it has no type of its own, or is given no request.

func retried(ctx context.Context, o *order, do func(ctx context.Context, o *order) error) error {
	mark() // want `cold: once`
	return do(ctx, o)
}

type walker func(ctx context.Context, path string) error

func walk(ctx context.Context, path string, do walker) error {
	mark() // want `cold: once`
	return do(ctx, path)
}

type step func(ctx context.Context) error

func run(ctx context.Context, do step) error {
	mark() // want `cold: once`
	return do(ctx)
}

type visitor func(ctx context.Context, o *order) error

func visit(ctx context.Context, o *order, do visitor) (int, error) {
	mark() // want `cold: once`
	return 1, do(ctx, o)
}

// Whoever registers a handler is given one, but no request.
func register(ctx context.Context, name string, h handler) error {
	mark() // want `cold: once`
	return nil
}

// Who visits a tree calls itself, and the package calls it.

type leaf struct{ kids []*leaf }

type look func(ctx context.Context, l *leaf) error

func visitAll(ctx context.Context, l *leaf, do look) error {
	mark() // want `cold: once`
	for _, kid := range l.kids {
		if err := visitAll(ctx, kid, do); err != nil {
			return err
		}
	}
	return do(ctx, l)
}

func Count(ctx context.Context, root *leaf) (n int, err error) {
	err = visitAll(ctx, root, func(context.Context, *leaf) error { n++; return nil })
	return n, err
}
