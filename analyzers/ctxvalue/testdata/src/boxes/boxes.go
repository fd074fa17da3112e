package boxes // want package:"string keys"

import (
	"context"
	"net/http"

	"boxes/bag"
	"keys"
)

type (
	name   string
	number int
	route  struct{ method, path string }
	empty  struct{}
	flag   bool
)

const constant name = "constant"

var (
	variable        = name("variable")
	kept            = name("kept")
	pair            = route{"GET", "/"}
	address         = &route{"GET", "/"}
	small    number = 7
	large    number = 1000
	held     any    = name("held") // made once, when the program begins
)

func byVariable(ctx context.Context, p *int) context.Context {
	ctx = context.WithValue(ctx, variable, p) // want `context key variable is a variable, so each WithValue and each lookup copies it to the heap \(16 bytes\); make it a constant`
	ctx = context.WithValue(ctx, large, p)    // want `context key large is a variable, so each WithValue and each lookup copies it to the heap \(8 bytes unless it is below 256\); make it a constant`
	return context.WithValue(ctx, pair, p)    // want `context key pair is a variable, so each WithValue and each lookup copies it to the heap \(32 bytes\); let it hold a pointer, or use a key of type struct\{\}`
}

// One report for a variable will do.
func again(ctx context.Context, p *int) (context.Context, any) {
	return context.WithValue(ctx, variable, p), ctx.Value(variable)
}

func onlyLookedUp(ctx context.Context) any {
	return ctx.Value(kept) // want `context key kept is a variable`
}

type position int

const (
	first position = iota
	second
)

// Small numbers are ready-made.
func enumerated(ctx context.Context, m map[position]*int) context.Context {
	for k, v := range m {
		ctx = context.WithValue(ctx, k, v)
	}
	return ctx
}

type middleware struct{ id number }

// A key of each middleware cannot be a constant.
func (m *middleware) serve(w http.ResponseWriter, r *http.Request) {
	next(w, r.WithContext(context.WithValue(r.Context(), m.id, r)))
}

func next(http.ResponseWriter, *http.Request) {}

func computed(ctx context.Context, s string, p *int) context.Context {
	return context.WithValue(ctx, name("x-"+s), p) // want `context key name\("x-" \+ s\) is computed, so each call copies it to the heap \(16 bytes\); keep what belongs together in one map or struct, under a constant key`
}

// Where these are inlined, the key is a constant.
func made() name { return "made" }

func byCall(ctx context.Context, p *int) context.Context { return context.WithValue(ctx, made(), p) }

func byParameter(ctx context.Context, k name, p *int) context.Context {
	return context.WithValue(ctx, k, p)
}

func lookup(ctx context.Context, s string) any {
	return ctx.Value(name(s)) // want `context key name\(s\) is computed`
}

func perHeader(ctx context.Context, r *http.Request) context.Context {
	for h, values := range r.Header {
		if len(values) == 1 {
			ctx = context.WithValue(ctx, name(h), r) // want `context key name\(h\) is computed`
		}
	}
	return context.WithValue(ctx, route{method: r.Method}, r)
}

func throughWrapper(ctx context.Context, r *http.Request) context.Context {
	return bag.With(ctx, route{r.Method, "/"}, r)
}

func free(ctx context.Context, p *int, b flag, n int) context.Context {
	switch n {
	case 1:
		return context.WithValue(ctx, constant, p)
	case 2:
		return context.WithValue(ctx, name("literal"), p)
	case 3:
		return context.WithValue(ctx, route{"GET", "/"}, p)
	case 4:
		return context.WithValue(ctx, empty{}, p)
	case 5:
		return context.WithValue(ctx, address, p)
	case 6:
		return context.WithValue(ctx, b, p)
	case 7:
		return context.WithValue(ctx, small, p)
	case 8:
		return bag.With(ctx, held, p)
	}
	return context.WithValue(ctx, keys.Shared, p) // its own package may change that
}

type profile struct {
	id, name, mail, role string
	flags                [8]int
}

type account struct{ id, name, mail, role string }

type small32 struct{ a, b, c, d int }

type profileKey struct{}

func withProfile(ctx context.Context, p profile) context.Context {
	return context.WithValue(ctx, profileKey{}, p) // want `p is 128 bytes that are copied to the heap each time it is stored in a context, and out of it by each assertion; store a pointer`
}

type session struct{ user profile }

func (s *session) attach(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), profileKey{}, s.user)) // want `s.user is 128 bytes that are copied`
}

func digest(ctx context.Context, sum [128]byte) context.Context {
	return bag.With(ctx, profileKey{}, sum) // want `sum is 128 bytes that are copied`
}

func generic(ctx context.Context, p profile) context.Context {
	return bag.Put(ctx, profileKey{}, p) // want `p is 128 bytes that are copied`
}

// Who owns the key expects a value.
func foreign(ctx context.Context, p *profile) context.Context {
	return context.WithValue(ctx, keys.User, *p)
}

// Between 64 and 96 bytes it takes a value that has a pointer already.
func smaller(ctx context.Context, accounts []account, a account) context.Context {
	if len(accounts) > 0 {
		return context.WithValue(ctx, profileKey{}, accounts[0]) // want `accounts\[0\] is 64 bytes that are copied`
	}
	return context.WithValue(ctx, profileKey{}, a)
}

func deref(ctx context.Context, p *profile) context.Context {
	return context.WithValue(ctx, profileKey{}, *p) // want `\*p is 128 bytes that are copied`
}

func cheap(ctx context.Context, p *profile, s small32, f func(), m map[string]profile, list []profile) context.Context {
	ctx = context.WithValue(ctx, profileKey{}, p)
	_ = ctx
	ctx = bag.Put(ctx, profileKey{}, p)
	_ = ctx
	switch {
	case s.a == 1:
		return context.WithValue(ctx, profileKey{}, s)
	case s.a == 2:
		return context.WithValue(ctx, profileKey{}, m)
	case s.a == 3:
		return context.WithValue(ctx, profileKey{}, list)
	case s.a == 4:
		return context.WithValue(ctx, profileKey{}, profile{id: "constant", flags: [8]int{1, 2, 3, 4}})
	}
	return context.WithValue(ctx, profileKey{}, f)
}

// Once, when the program begins.
var background = context.WithValue(context.Background(), variable, profile{})
