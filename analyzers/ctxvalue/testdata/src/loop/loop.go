package loop

import (
	"context"
	"net/http"
	"slices"

	"loop/accessor"
)

type (
	unitKey  struct{}
	indexKey int
)

type unit struct{ scale float64 }

func with(ctx context.Context, u *unit) context.Context {
	return context.WithValue(ctx, unitKey{}, u)
}

func sum(ctx context.Context, list []float64) (total float64) {
	for _, x := range list {
		u := ctx.Value(unitKey{}).(*unit) // want `assertion to \*unit panics` `ctx.Value\(unitKey\{\}\) walks up the chain of contexts on every iteration for the same value; look it up once, before the loop`
		total += x * u.scale
	}
	return total
}

func checked(ctx context.Context, list []float64) (total float64) {
	for _, x := range list {
		u, ok := ctx.Value(unitKey{}).(*unit) // want `ctx.Value\(unitKey\{\}\) walks up the chain`
		if ok {
			total += x * u.scale
		}
	}
	return total
}

func imported(ctx context.Context, list []string) (n int) {
outer:
	for i := 0; i < len(list); i++ {
		user, ok := accessor.From(ctx) // want `accessor.From\(ctx\) looks the same context value up on every iteration; call it once, before the loop`
		if !ok {
			continue outer
		}
		if list[i] == user.Name {
			n++
		}
	}
	return n
}

func request(r *http.Request, list []string) (n int) {
	for _, s := range list {
		if s == accessor.OfRequest(r).Name { // want `accessor.OfRequest\(r\) looks the same context value up`
			n++
		}
		if v := r.Context().Value(unitKey{}); v != nil { // want `r.Context\(\).Value\(unitKey\{\}\) walks up`
			n++
		}
	}
	return n
}

type job struct {
	ctx  context.Context
	list []string
}

func (j *job) run() (n int) {
	for range j.list {
		if accessor.Must(j.ctx).Name == "" { // want `accessor.Must\(j.ctx\) looks the same context value up`
			n++
		}
	}
	return n
}

func sorted(ctx context.Context, list []float64) {
	slices.SortFunc(list, func(a, b float64) int {
		u, _ := ctx.Value(unitKey{}).(*unit) // want `ctx.Value\(unitKey\{\}\) walks up`
		return int((a - b) * u.scale)
	})
}

func nested(ctx context.Context, m map[string][]string) (n int) {
	for _, list := range m {
		child := with(ctx, &unit{1})
		for range list {
			if child.Value(unitKey{}) != nil { // want `child.Value\(unitKey\{\}\) walks up`
				n++
			}
		}
	}
	return n
}

// Each round has a context, a key or a request of its own.
func varies(ctx context.Context, list []*http.Request, ids []indexKey) (n int) {
	for _, r := range list {
		if accessor.OfRequest(r) != nil {
			n++
		}
		ctx := with(ctx, &unit{1})
		if ctx.Value(unitKey{}) != nil {
			n++
		}
	}
	for _, id := range ids {
		if ctx.Value(id) != nil {
			n++
		}
	}
	for i := range list {
		if ctx.Value(unitKey{}) != nil {
			n++
		}
		ctx = list[i].Context()
	}
	return n
}

// Walking up a chain is what such a loop is for.
func depth(ctx context.Context, parent func(context.Context) context.Context) (n int) {
	for ctx != nil {
		if ctx.Value(unitKey{}) != nil {
			n++
		}
		ctx = parent(ctx)
	}
	return n
}

// Few rounds, or one, or one that looks up.
func seldom(ctx context.Context, list []string) *unit {
	for range 3 {
		_ = ctx.Value(unitKey{})
	}
	for _, s := range list {
		if s == "unit" {
			u, _ := ctx.Value(unitKey{}).(*unit)
			return u
		}
		if s == "user" {
			_, _ = accessor.From(ctx)
		}
		if s != "" && ctx.Value(unitKey{}) != nil { // want `ctx.Value\(unitKey\{\}\) walks up the chain`
			continue
		}
	}
	for _, s := range list {
		switch s {
		case "a":
			_ = ctx.Value(unitKey{})
		}
	}
	return nil
}

type store interface {
	get(ctx context.Context, id string) error
}

// What each round waits for dwarfs the lookup.
func waits(ctx context.Context, s store, list []string) error {
	for _, id := range list {
		u, _ := accessor.From(ctx)
		if err := s.get(ctx, id+u.Name); err != nil {
			return err
		}
	}
	return nil
}

// More than a lookup.
func more(ctx context.Context, list []string) {
	for range list {
		_ = accessor.Name(ctx)
		_ = accessor.Counted(ctx)
	}
}

// A context that is replaced while others read it.
type current struct{ ctx context.Context }

func (c *current) set(ctx context.Context) { c.ctx = ctx }

func (c *current) poll(list []string) (n int) {
	for range list {
		if c.ctx.Value(unitKey{}) != nil {
			n++
		}
	}
	return n
}

// A literal that is only made in the loop.
func later(ctx context.Context, list []string) (funcs []func() any) {
	for range list {
		funcs = append(funcs, func() any { return ctx.Value(unitKey{}) })
	}
	return funcs
}

// No fix: the name means something else behind the loop.
func shadowed(ctx context.Context, list []string) (n int) {
	for range list {
		u, _ := ctx.Value(unitKey{}).(*unit) // want `ctx.Value\(unitKey\{\}\) walks up`
		if u != nil {
			n++
		}
	}
	u := n
	return u
}

// No fix: the variable changes.
func changed(ctx context.Context, list []string) (n int) {
	for range list {
		u, _ := ctx.Value(unitKey{}).(*unit) // want `ctx.Value\(unitKey\{\}\) walks up`
		if u == nil {
			u = &unit{1}
		}
		n += int(u.scale)
	}
	return n
}
