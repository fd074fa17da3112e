// Package fixes holds loops whose variable can be made one of the iteration, and
// loops where that would change what they do, or not compile.
package fixes

import (
	"context"
	"net/http"

	"ctxlib"
)

type key struct{}

func use(ctx context.Context, id string) error { return ctx.Err() }

func plain(ctx context.Context, ids []string) {
	for _, id := range ids {
		ctx = context.WithValue(ctx, key{}, id) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(ctx, id)
	}
}

func helper(ctx context.Context, ids chan string) error {
	for id := range ids {
		ctx = ctxlib.WithID(ctx, id) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		if err := use(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func request(r *http.Request, ids []string) {
	for _, id := range ids {
		r = r.WithContext(context.WithValue(r.Context(), key{}, id)) // want `^r is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(r.Context(), id)
	}
}

func literal(ctx context.Context, ids []string) {
	for _, id := range ids {
		ctx = context.WithValue(ctx, key{}, id) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		go func() { use(ctx, id) }()
	}
}

func readBeforeLoop(ctx context.Context, ids []string) {
	use(ctx, "")
	for _, id := range ids {
		ctx = context.WithValue(ctx, key{}, id) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(ctx, id)
	}
}

// The rest has no fix.

func readAfter(ctx context.Context, ids []string) error {
	for _, id := range ids {
		ctx = context.WithValue(ctx, key{}, id) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(ctx, id)
	}
	return ctx.Err()
}

func readBefore(ctx context.Context, ids []string) {
	for _, id := range ids {
		use(ctx, "")
		ctx = context.WithValue(ctx, key{}, id) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(ctx, id)
	}
}

func neverRead(ctx context.Context, ids []string) {
	for _, id := range ids {
		ctx = context.WithValue(ctx, key{}, id) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
	}
}

func condition(ctx context.Context, ids chan string) {
	for ctx.Err() == nil {
		id := <-ids
		ctx = context.WithValue(ctx, key{}, id) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(ctx, id)
	}
}

func nested(ctx context.Context, ids []string) {
	for _, id := range ids {
		if id != "" {
			ctx = context.WithValue(ctx, key{}, id) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		}
		use(ctx, id)
	}
}

func twoResults(ctx context.Context, ids []string) {
	var cancel context.CancelFunc
	for _, id := range ids {
		ctx, cancel = context.WithCancel(ctx) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, and all of them end once one is cancelled; derive it from the context outside the loop$`
		use(ctx, id)
		cancel()
	}
}

func accumulates(ctx context.Context, ids []string) {
	for _, id := range ids {
		ctx = context.WithValue(ctx, key{}, ctxlib.ID(ctx)+id) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(ctx, id)
	}
}

func outerLoop(ctx context.Context, lists [][]string) {
	for _, ids := range lists {
		use(ctx, "")
		for _, id := range ids {
			ctx = context.WithValue(ctx, key{}, id) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
			use(ctx, id)
		}
	}
}

func deferred(ctx context.Context, ids []string) {
	defer func() { use(ctx, "") }()
	for _, id := range ids {
		ctx = context.WithValue(ctx, key{}, id) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(ctx, id)
	}
}

func result(ids []string) (ctx context.Context) {
	ctx = context.Background()
	for _, id := range ids {
		ctx = context.WithValue(ctx, key{}, id) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(ctx, id)
	}
	return
}

func otherType(r *http.Request, ids []string) {
	var v interface{ Done() <-chan struct{} } = r.Context()
	for _, id := range ids {
		v = context.WithValue(v.(context.Context), key{}, id) // want `^v is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		<-v.Done()
	}
}

func assignedAgain(ctx context.Context, ids []string) {
	for _, id := range ids {
		ctx = context.WithValue(ctx, key{}, id) // want `^ctx is rebuilt from itself in a loop: 2 more links in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(ctx, id)
		ctx = context.WithoutCancel(ctx)
	}
}
