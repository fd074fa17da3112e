package derive

import (
	"context"
	"net/http"
)

type key struct{}

func With(ctx context.Context, s string) context.Context { // want With:"derives"
	return context.WithValue(ctx, key{}, s)
}

func Request(r *http.Request, s string) *http.Request { // want Request:"derives"
	return r.WithContext(With(r.Context(), s))
}

var count int

// Counted has an effect of its own.
func Counted(ctx context.Context) context.Context {
	count++
	return With(ctx, "counted")
}
