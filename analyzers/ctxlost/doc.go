// Package ctxlost finds contexts that do not end the work that they should end.
//
// # Analyzer ctxlost
//
// ctxlost: find work that its context does not end
//
// A context tells everything that works for a caller when the caller has given up.
// A call that is handed context.Background instead goes on: a handler whose client is
// gone holds its goroutine, its connection of the pool and its locks until the query is
// done, which under load is what turns a slow database into an outage. The reverse hurts as
// much: the context of a request is cancelled when the handler returns, so that a
// goroutine that the handler leaves behind fails with "context canceled" at a random
// point of its work. And a cancel function that nobody calls keeps the context, its timer
// (4 allocations, some 400 bytes) and all goroutines that wait for it, 2 KiB of stack or more each.
//
// context.Background or context.TODO, or what a function of this module makes of them, handed to a call
// that works, where the function has a context, a thing of this module that is one, an *http.Request or a stream of gRPC (detached):
//
//	// WRONG
//	func (s *Store) Rename(ctx context.Context, id int, name string) error {
//		_, err := s.db.ExecContext(context.Background(), update, name, id) // … drops the deadline and cancellation of ctx …
//		return err
//	}
//
//	// RIGHT
//	func (s *Store) SetName(ctx context.Context, id int, name string) error {
//		_, err := s.db.ExecContext(ctx, update, name, id)
//		return err
//	}
//
// And http.Get, a method like it of an http.Client, or one of a sql.DB without a context, where there is
// one at hand:
//
//	// WRONG
//	func (s *Store) Remove(ctx context.Context, id int) error {
//		_, err := s.db.Exec(remove, id) // … takes no context and goes on …
//		return err
//	}
//
//	// RIGHT
//	func (s *Store) RemoveWithin(ctx context.Context, id int) error {
//		_, err := s.db.ExecContext(ctx, remove, id)
//		return err
//	}
//
// So it is with context.TODO in a function that only the package can call, if all who call it have a
// context that they could give it:
//
//	// WRONG
//	func (s *Store) touch(id int) error {
//		_, err := s.db.ExecContext(context.TODO(), touch, id) // … stands in for the context that those who call touch have …
//		return err
//	}
//
//	func (s *Store) Visit(ctx context.Context, id int) error {
//		return s.touch(id)
//	}
//
//	// RIGHT
//	func (s *Store) touchWithin(ctx context.Context, id int) error {
//		_, err := s.db.ExecContext(ctx, touch, id)
//		return err
//	}
//
//	func (s *Store) VisitWithin(ctx context.Context, id int) error {
//		return s.touchWithin(ctx, id)
//	}
//
// A goroutine that may outlive the request whose context it works under, directly or by a
// function of this module that starts it, and work of that kind that is sent on a channel for
// others to do (outlives-request):
//
//	// WRONG
//	func (s *Store) Register(w http.ResponseWriter, r *http.Request) {
//		go s.welcome(r.Context(), r.FormValue("mail")) // … is cancelled when the handler returns …
//		w.WriteHeader(http.StatusAccepted)
//	}
//
//	// RIGHT
//	func (s *Store) SignUp(w http.ResponseWriter, r *http.Request) {
//		go s.welcome(context.WithoutCancel(r.Context()), r.FormValue("mail"))
//		w.WriteHeader(http.StatusAccepted)
//	}
//
// A cancel function that a field keeps, by itself or in a map or slice, and nothing calls, or that
// a loop defers (cancel-field):
//
//	// WRONG
//	func NewPoller(fetch func(context.Context)) *Poller {
//		p := &Poller{}
//		p.ctx, p.cancel = context.WithCancel(context.Background()) // … is never called …
//		go p.run(fetch)
//		return p
//	}
//
//	// WRONG
//	func pingAll(ctx context.Context, hosts []host) {
//		for _, h := range hosts {
//			ctx, cancel := context.WithTimeout(ctx, time.Second)
//			defer cancel() // cancel is deferred in a loop: …
//			h.ping(ctx)
//		}
//	}
//
//	// RIGHT
//	func pingEach(ctx context.Context, hosts []host) {
//		for _, h := range hosts {
//			ctx, cancel := context.WithTimeout(ctx, time.Second)
//			h.ping(ctx)
//			cancel()
//		}
//	}
//
// # Not reported
//
// detached: what runs after a context has ended, after a failure, or in a defer; calls
// that end or undo something (Close, Shutdown, Rollback …), begin something that lives longer
// (New, Start, Watch …) or only tell others (logs, metrics, audit); the second half of a change whose first half was made
// under the context; results that are kept for other callers,
// in a field or a cache; contexts that take values of the one at hand, or are stored, returned or
// given to a goroutine; the place of a context that is nil; function literals that are
// handed to others, unless those are of the package, only call them, and get the context as well or
// nothing but plain values; roots made by
// functions that say so (Background, Detached …); what a comment beside it gives a reason for (detached, not to be cancelled, best
// effort …; TODO is none). Loops that take jobs until the context ends, and may mean to finish the
// last one. Calls of other packages that return no error, or are given the request as well.
//
// outlives-request: goroutines that the handler waits for, that share a channel or
// group with it, that watch for the end of the context, or that use nothing of it but its values;
// handlers that serve a connection in an endless loop; what is sent with a channel for the answer, or
// with a context that nobody works under.
//
// cancel-field: fields that the package reads in any way, but for the size of a map or slice, exported fields; loops that are left
// after the defer, that only a failure repeats, or that run no more than eight times; contexts that a loop
// gives to goroutines or to the next iteration.
//
// Tests, and files that import package testing. With -all it reports these too: context.Background in
// functions whose callers have a context; contexts dropped in goroutines that nobody waits for, in functions that construct or start something, and in calls
// that may begin something.
//
// # To silence it
//
// Write //nolint:ctxlost with a reason at the end of the line, or say above it in a comment why
// the work must not end with the context.
package ctxlost
