package detached

import (
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// All of this is right, or nobody can tell.

func serve(ctx context.Context, srv *http.Server, s *Service) error {
	errc := make(chan error, 1)
	go func() { errc <- srv.ListenAndServe() }()
	select {
	case err := <-errc:
		return err
	case <-ctx.Done():
	}
	c, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := s.repo.Save(c, &User{"last words"}); err != nil {
		return err
	}
	return srv.Shutdown(c)
}

func untilDone(ctx context.Context, s *Service) error {
	<-ctx.Done()
	return s.repo.Save(context.Background(), &User{})
}

func whileGood(ctx context.Context, s *Service) error {
	for ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	return s.repo.Save(context.Background(), &User{})
}

func breaksOut(ctx context.Context, s *Service, tick <-chan time.Time) error {
loop:
	for {
		select {
		case <-ctx.Done():
			break loop
		case <-tick:
		}
	}
	return s.repo.Save(context.Background(), &User{})
}

func quits(ctx context.Context, s *Service, quit chan struct{}) error {
	select {
	case <-quit:
		return s.repo.Save(context.Background(), &User{})
	case <-time.After(time.Second):
	}
	return nil
}

func signalled(ctx context.Context, s *Service) error {
	sigs := make(chan os.Signal, 1)
	signal.Notify(sigs, os.Interrupt)
	<-sigs
	return s.repo.Save(context.Background(), &User{})
}

func deferred(ctx context.Context, s *Service) error {
	defer s.repo.Save(context.Background(), &User{})
	defer func() {
		if err := s.repo.Save(context.Background(), &User{}); err != nil {
			log.Print(err)
		}
	}()
	_, err := s.load(ctx, 1)
	return err
}

type lease interface {
	Release(context.Context) error
	Unlock(context.Context) error
	Renew(context.Context) error
}

func leased(ctx context.Context, l lease) error {
	if err := l.Renew(ctx); err != nil {
		return err
	}
	return l.Release(context.Background())
}

func failing(ctx context.Context, s *Service) error {
	if _, err := s.load(ctx, 1); err != nil {
		if serr := s.repo.Save(context.Background(), &User{"failed"}); serr != nil {
			return errors.Join(err, serr)
		}
		return err
	}
	return nil
}

func failingLate(ctx context.Context, s *Service) error {
	_, err := s.load(ctx, 1)
	if err == nil {
		return nil
	}
	s.repo.Save(context.Background(), &User{"failed"})
	return err
}

func failingSwitch(ctx context.Context, s *Service) error {
	_, err := s.load(ctx, 1)
	switch {
	case errors.Is(err, context.Canceled):
		return s.repo.Save(context.Background(), &User{"cancelled"})
	}
	return err
}

func (s *Service) finish(ctx context.Context, id int, err error) error { return err }

func recorded(ctx context.Context, s *Service) error {
	_, err := s.load(ctx, 1)
	return s.finish(context.Background(), 1, err)
}

func fallback(ctx context.Context, s *Service) error {
	if ctx == nil {
		ctx = context.Background()
	}
	_, err := s.load(ctx, 1)
	return err
}

func fallbackElse(ctx context.Context, s *Service) error {
	c := ctx
	if c == nil {
		c = context.TODO()
	}
	_, err := s.load(c, 1)
	return err
}

func chosen(ctx context.Context, s *Service, detach bool) error {
	if detach {
		ctx = context.Background()
	}
	_, err := s.load(ctx, 1)
	return err
}

func chosenVar(ctx context.Context, s *Service, detach bool) error {
	c := context.Background()
	if !detach {
		c = ctx
	}
	_, err := s.load(c, 1)
	return err
}

type key struct{}

func valuesOnly(ctx context.Context, s *Service) error {
	c := context.WithValue(context.Background(), key{}, ctx.Value(key{}))
	return s.repo.Save(c, &User{})
}

func traceOf(ctx context.Context) string { v, _ := ctx.Value(key{}).(string); return v }

func valuesByVariable(ctx context.Context, s *Service) error {
	id := traceOf(ctx)
	c := context.WithValue(context.Background(), key{}, id)
	return s.repo.Save(c, &User{})
}

func without(ctx context.Context, s *Service) error {
	return s.repo.Save(context.WithoutCancel(ctx), &User{})
}

func explained(ctx context.Context, s *Service) error {
	// The payment is made: this must be written even if the caller has gone.
	return s.repo.Save(context.Background(), &User{})
}

func explainedBeside(ctx context.Context, s *Service) error {
	return s.repo.Save(context.Background(), &User{}) // detached on purpose
}

// explainedAbove writes the user. It does so regardless of ctx.
func explainedAbove(ctx context.Context, s *Service) error {
	return s.repo.Save(context.Background(), &User{})
}

func unnamed(_ context.Context, s *Service) error {
	return s.repo.Save(context.Background(), &User{})
}

func nothingAtHand(s *Service) error {
	return s.repo.Save(context.Background(), &User{})
}

func async(ctx context.Context, s *Service) error {
	go s.repo.Save(context.Background(), &User{})
	go func() {
		c, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.repo.Save(c, &User{}); err != nil {
			log.Print(err)
		}
	}()
	return nil
}

func callback(ctx context.Context, s *Service) {
	var once sync.Once
	once.Do(func() { s.repo.Save(context.Background(), &User{}) })
	context.AfterFunc(ctx, func() { s.repo.Save(context.Background(), &User{}) })
	time.AfterFunc(time.Second, func() { s.repo.Save(context.Background(), &User{}) })
}

type group struct{}

func (group) Do(key string, fn func() (any, error)) (any, error) { return fn() }

func (s *Service) single(ctx context.Context, g group) (any, error) {
	return g.Do("user", func() (any, error) { return s.load(context.Background(), 1) })
}

func (s *Service) cached(ctx context.Context, id int) (*User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.all[id]; u != nil {
		return u, nil
	}
	u, err := s.load(context.Background(), id)
	if err != nil {
		return nil, err
	}
	s.all[id] = u
	return u, nil
}

func (s *Service) cachedDirectly(ctx context.Context) (err error) {
	s.last, err = s.load(context.Background(), 1)
	return err
}

type metrics struct{}

func (metrics) Observe(context.Context, float64) error { return nil }

type auditLog struct{}

func (auditLog) Write(context.Context, string) error { return nil }

func told(ctx context.Context, s *Service, m metrics, a auditLog) {
	slog.InfoContext(context.Background(), "loaded")
	m.Observe(context.Background(), 1)
	a.Write(context.Background(), "loaded")
	s.repo.Names(context.Background())
}

type session struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func (s *session) run() {}

func (s *session) stop() { s.cancel() }

func newSession(ctx context.Context, s *Service) (*session, error) {
	if _, err := s.load(ctx, 1); err != nil {
		return nil, err
	}
	c, cancel := context.WithCancel(context.Background())
	ss := &session{ctx: c, cancel: cancel}
	go ss.run()
	return ss, nil
}

type conn struct{}

func (*conn) Close() error { return nil }

func (s *Service) conn(ctx context.Context) (*conn, error) { return &conn{}, ctx.Err() }

func (s *Service) pooled(ctx context.Context) (*conn, error) {
	return s.conn(context.Background())
}

func (s *Service) spawn(ctx context.Context) error {
	go s.repo.Save(ctx, &User{})
	return nil
}

func starter(ctx context.Context, s *Service) error {
	return s.spawn(context.Background())
}

func (s *Service) ignores(ctx context.Context) error { return nil }

func ignored(ctx context.Context, s *Service) error {
	return s.ignores(context.Background())
}

func (s *Service) Close(ctx context.Context) error {
	return s.repo.Save(context.Background(), &User{})
}

func cancelled(ctx context.Context, s *Service) error {
	ctx, cancel := context.WithCancel(ctx)
	_, err := s.load(ctx, 1)
	if err != nil {
		cancel()
		return err
	}
	cancel()
	return s.repo.Save(context.Background(), &User{})
}

func Start(ctx context.Context, s *Service) error {
	return s.repo.Save(context.Background(), &User{})
}

func grouped(ctx context.Context, s *Service) *errgroup.Group {
	g, c := errgroup.WithContext(context.Background())
	g.Go(func() error { return s.repo.Save(c, &User{}) })
	return g
}

func returned(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithCancel(context.Background())
}

func run(w http.ResponseWriter, r *http.Request) context.Context {
	return context.Background()
}

func (s *Service) Worker(ctx context.Context, jobs <-chan int) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case id := <-jobs:
			if _, err := s.load(context.Background(), id); err != nil {
				return err
			}
		}
	}
}

// What is given the request as well takes no time: it reads a value of the context, or writes
// a header.
type signer interface {
	Sign(ctx context.Context, r *http.Request) error
}

type signing struct {
	next http.RoundTripper
	signer
	tenant string
}

type tenantKey struct{}

func (s *signing) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if err := s.Sign(context.WithValue(context.Background(), tenantKey{}, s.tenant), r); err != nil {
		return nil, err
	}
	return s.next.RoundTrip(r)
}

func whatever(ctx context.Context, s *Service) error {
	_, err := s.load(ctx, 1)
	s.repo.Save(context.Background(), &User{"ended"})
	if err != nil {
		return err
	}
	return nil
}

func (s *Service) saveAuditEntry(ctx context.Context) error { return s.repo.Save(ctx, &User{}) }

func audited(ctx context.Context, s *Service) error {
	return s.saveAuditEntry(context.Background())
}

type queue interface {
	Ack(context.Context) error
	CommitMessages(context.Context) error
}

func acked(ctx context.Context, q queue) error {
	if err := q.Ack(context.Background()); err != nil {
		return err
	}
	return q.CommitMessages(context.Background())
}

func statusOf(ctx context.Context, s *Service) error {
	_, err := s.load(ctx, 1)
	status := "ok"
	if err != nil {
		status = "failed"
	}
	s.repo.Save(context.Background(), &User{status})
	return err
}

func said(ctx context.Context, s *Service) error {
	// Charged already: the row is written whatever happens.
	return s.repo.Save(context.Background(), &User{})
}

func ticks(ctx context.Context, s *Service, t *time.Ticker) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
		}
		if err := s.repo.Save(context.Background(), &User{}); err != nil {
			return err
		}
	}
}

func asks(ctx context.Context, s *Service, n int) {
	for ctx.Err() == nil {
		if _, err := s.load(context.Background(), n); err != nil {
			n++
		}
	}
}

// What comes of it is there for the next who asks.

type results struct{ seen map[string]*User }

func (r *results) StoreUser(name string, u *User) { r.seen[name] = u }

func (s *Service) probe(known *results) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		u, err := s.repo.Find(ctx, 2)
		defer func() {
			if err == nil {
				known.StoreUser(r.URL.Path, &User{u.Name})
			}
		}()
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		io.WriteString(w, u.Name)
	}
}
