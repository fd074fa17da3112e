package bag

import "context"

func With(ctx context.Context, k, v any) context.Context { // want With:"sets.1., to.2., derives"
	return context.WithValue(ctx, k, v)
}

func Put[V any](ctx context.Context, k any, v V) context.Context { // want Put:"sets.1., to.2., derives"
	return context.WithValue(ctx, k, v)
}
