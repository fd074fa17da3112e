// Package grows holds contexts that grow.
package grows

import (
	"context"
	"fmt"
	"net/http"
	"os/signal"
	"runtime/pprof"
	"sync"
	"time"

	"ctxlib"
)

type key struct{}
type msg struct {
	ID    string
	Trace string
}

func use(ctx context.Context, m msg) error  { return ctx.Err() }
func recv(ctx context.Context) (msg, error) { return msg{}, nil }

// 1 for-ever with recv
func b1(ctx context.Context) error {
	for {
		m, err := recv(ctx)
		if err != nil {
			return err
		}
		ctx = context.WithValue(ctx, key{}, m.ID) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		if err := use(ctx, m); err != nil {
			return err
		}
	}
}

// 2 timeout in range with defer
func b2(ctx context.Context, ms []msg) error {
	var cancel context.CancelFunc
	for _, m := range ms {
		ctx, cancel = context.WithTimeout(ctx, time.Second) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, and all of them end once one is cancelled or past its deadline; derive it from the context outside the loop$`
		defer cancel()
		if err := use(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// 3 helper in another package
func b3(ctx context.Context, ms []msg) {
	for _, m := range ms {
		ctx = ctxlib.WithID(ctx, m.ID) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(ctx, m)
	}
}

// 4 request
func b4(r *http.Request, ms []msg) {
	for _, m := range ms {
		r = r.WithContext(context.WithValue(r.Context(), key{}, m.ID)) // want `^r is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(r.Context(), m)
	}
}

// 5 request helper
func b5(r *http.Request, ms chan msg) {
	for m := range ms {
		r = ctxlib.WithUser(r, m.ID) // want `^r is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(r.Context(), m)
	}
}

// 6 struct wrapper by value
func b6(c ctxlib.Ctx, ms []msg) {
	for _, m := range ms {
		c = c.With(key{}, m.ID) // want `^c is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(c.Context(), m)
	}
}

// 7 field in loop
type srv struct {
	ctx    context.Context
	cancel context.CancelFunc
	r      *http.Request
	mu     sync.Mutex
	n      int
}

func (s *srv) b7(ms <-chan msg) {
	for m := range ms {
		s.ctx = context.WithValue(s.ctx, key{}, m.ID) // want `^s\.ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(s.ctx, m)
	}
}

// 8 handler
func (s *srv) ServeHTTP(w http.ResponseWriter, r *http.Request) { // want ServeHTTP:`context grows 0\.ctx`
	s.ctx = context.WithValue(s.ctx, key{}, r.URL.Path) // want `^s\.ctx is rebuilt from itself by every call of ServeHTTP: one more link each time, kept in memory and walked by every lookup; use a local variable$`
	use(s.ctx, msg{})
}

// 9 via goroutine
func b9(ctx context.Context, ms []msg) {
	var wg sync.WaitGroup
	for _, m := range ms {
		wg.Add(1)
		ctx = context.WithValue(ctx, key{}, m.ID) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		go func() {
			defer wg.Done()
			use(ctx, m)
		}()
	}
	wg.Wait()
}

// 10 package var through handler literal
var base = context.Background()

func b10(mux *http.ServeMux) {
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		base = context.WithValue(base, key{}, r.URL.Path) // want `^package variable base is rebuilt from itself by every call of the function literal: one more link each time, kept in memory and walked by every lookup; use a local variable$`
		use(base, msg{})
	})
}

// 11 captured by handler
func b11(ctx context.Context) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx = context.WithValue(ctx, key{}, r.URL.Path) // want `^ctx is declared outside the function literal and rebuilt from itself by every call of it: one more link each time, kept in memory and walked by every lookup; use a variable of the literal$`
		use(ctx, msg{})
	})
}

// 12 recursion poll
func b12(ctx context.Context, n int) {
	ctx = context.WithValue(ctx, key{}, n) // want `^each call of b12 makes the context of the next from its own: one more link each time, kept in memory and walked by every lookup; use a loop and derive from the context outside it$`
	m, err := recv(ctx)
	if err != nil {
		return
	}
	use(ctx, m)
	b12(ctx, n+1)
}

// 13 AfterFunc reschedule
func (s *srv) b13(ctx context.Context) {
	ctx = context.WithValue(ctx, key{}, s.n) // want `^each call of b13 makes the context of the next from its own: one more link each time, kept in memory and walked by every lookup; use a loop and derive from the context outside it$`
	use(ctx, msg{})
	time.AfterFunc(time.Second, func() { s.b13(ctx) })
}

// 14 conditional per message
func b14(ctx context.Context, ms <-chan msg) {
	for m := range ms {
		if m.Trace != "" {
			ctx = context.WithValue(ctx, key{}, m.Trace) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		}
		use(ctx, m)
	}
}

// 15 user type
type vctx struct {
	context.Context
	v string
}

func (v *vctx) Value(k any) any {
	if k == (key{}) {
		return v.v
	}
	return v.Context.Value(k)
}

func b15(ctx context.Context, ms <-chan msg) {
	for m := range ms {
		ctx = &vctx{ctx, m.ID} // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(ctx, m)
	}
}

// 16 getter / setter
func b16(c *ctxlib.Ctx, ms <-chan msg) {
	for m := range ms {
		c.SetContext(context.WithValue(c.Context(), key{}, m.ID)) // want `^a context is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(c.Context(), m)
	}
}

// 17 other package's method in a loop
func b17(s *ctxlib.Session, ms []msg) {
	for _, m := range ms {
		s.Begin(m.ID) // want `^every call of Begin rebuilds the context in field ctx from itself: one more link each time, kept in memory and walked by every lookup; the field should keep the context that it began with$`
		use(s.Ctx(), m)
	}
}

// 18 range over func
func b18(ctx context.Context, seq func(yield func(msg) bool)) {
	for m := range seq {
		ctx = context.WithValue(ctx, key{}, m.ID) // want `^ctx is declared outside the function literal and rebuilt from itself by every call of it: one more link each time, kept in memory and walked by every lookup; use a variable of the literal$`
		use(ctx, m)
	}
}

// 19 generic helper
func b19(ctx context.Context, ms []msg) {
	for _, m := range ms {
		ctx = ctxlib.Wrap(ctx, m) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(ctx, m)
	}
}

// 20 tuple helper
func b20(ctx context.Context, ms []msg) {
	for i := 0; i < len(ms); i++ {
		var done func()
		ctx, done = ctxlib.Start(ctx, ms[i].ID) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, and all of them end once one is cancelled; derive it from the context outside the loop$`
		use(ctx, ms[i])
		done()
	}
}

// 21 two steps with other names
func b21(parent context.Context, ms []msg) {
	current := parent
	for _, m := range ms {
		next := context.WithValue(current, key{}, m.ID) // want `^current is rebuilt from itself in a loop: 2 more links in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		tagged := pprof.WithLabels(next, pprof.Labels("id", m.ID))
		use(tagged, m)
		current = tagged
	}
}

// 22 mutual recursion
func b22a(ctx context.Context) error {
	ctx, stop := signal.NotifyContext(ctx) // want `^each call of b22a makes the context of the next from its own: one more link each time, and all of them end once one is cancelled`
	defer stop()
	if _, err := recv(ctx); err != nil {
		return err
	}
	return b22b(ctx)
}

func b22b(ctx context.Context) error { return b22a(ctx) }

// 23 method called through two functions
func (s *srv) step(m msg) {
	s.ctx = context.WithValue(s.ctx, key{}, m.ID) // want `^s\.ctx is rebuilt from itself by every call of step: one more link each time, kept in memory and walked by every lookup; use a local variable$`
	fmt.Println(s.ctx)
}
func (s *srv) one(m msg) { s.mu.Lock(); defer s.mu.Unlock(); s.step(m) }
func (s *srv) b23(ms <-chan msg) {
	for {
		select {
		case m := <-ms:
			s.one(m)
		case <-s.ctx.Done():
			return
		}
	}
}

// 24 field of a request
func (s *srv) b24(ms <-chan msg) {
	for m := range ms {
		s.r = s.r.WithContext(ctxlib.WithID(s.r.Context(), m.ID)) // want `^s\.r is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		use(s.r.Context(), m)
	}
}

// 25 per call only
type op struct{ ctx context.Context }

func (o *op) b25(id string) error {
	o.ctx = context.WithValue(o.ctx, key{}, id) // want `^o\.ctx is rebuilt from itself by every call of b25: one more link each time, kept in memory and walked by every lookup; use a local variable$`
	return use(o.ctx, msg{})
}

// 26 retry with timeouts
func (s *srv) b26(ctx context.Context, m msg) (err error) {
	for attempt := 0; attempt < s.n; attempt++ {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Second) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, and all of them end once one is cancelled or past its deadline; derive it from the context outside the loop$`
		err = use(ctx, m)
		cancel()
		if err == nil {
			return nil
		}
	}
	return err
}

// 27 go in a loop, literal assigns
func b27(ctx context.Context, ms []msg) {
	for _, m := range ms {
		func() {
			var cancel func()
			ctx, cancel = context.WithCancel(ctx) // want `^ctx is declared outside the function literal and rebuilt from itself by every call of it: one more link each time, and all of them end once one is cancelled; use a variable of the literal$`
			defer cancel()
			use(ctx, m)
		}()
	}
}

// 28 package var function
var current = context.Background()

func b28(id string) {
	current = ctxlib.WithID(current, id) // want `^package variable current is rebuilt from itself by every call of b28: one more link each time, kept in memory and walked by every lookup; use a local variable$`
	use(current, msg{})
}

// 29 clone
func b29(req *http.Request, ms []msg) {
	for _, m := range ms {
		req = req.Clone(context.WithValue(req.Context(), key{}, m.ID)) // want `^req is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		http.DefaultClient.Do(req)
	}
}

// 30 sync.Map
func b30(ctx context.Context, m *sync.Map) {
	m.Range(func(k, v any) bool {
		ctx = context.WithValue(ctx, key{}, v) // want `^ctx is declared outside the function literal and rebuilt from itself by every call of it: one more link each time, kept in memory and walked by every lookup; use a variable of the literal$`
		use(ctx, msg{})
		return true
	})
}

// 31 select ticker
func b31(ctx context.Context, t *time.Ticker) {
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-t.C:
			ctx = context.WithValue(ctx, key{}, now) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
			use(ctx, msg{})
		}
	}
}

// 32 goto
func b32(ctx context.Context) {
again:
	m, err := recv(ctx)
	if err != nil {
		return
	}
	ctx = ctxlib.WithID(ctx, m.ID) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
	use(ctx, m)
	goto again
}
