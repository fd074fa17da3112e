package requests

import (
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"helpers"
)

// All of this is right, or nobody can tell.

func (a *API) without(w http.ResponseWriter, r *http.Request) {
	ctx := context.WithoutCancel(r.Context())
	go a.record(ctx, Event{})
	go a.record(context.WithoutCancel(r.Context()), Event{})
	go func() {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		a.record(ctx, Event{})
	}()
}

func (a *API) byCallee(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	go a.compare(ctx, Event{})
	go a.compareNamed(r.Context(), Event{})
}

func (a *API) compare(ctx context.Context, e Event) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	if err := a.store.Insert(ctx, e); err != nil {
		log.Print(err)
	}
}

func (a *API) compareNamed(ctx context.Context, e Event) {
	tenant, _ := ctx.Value(tenantKey{}).(string)
	apart := context.WithoutCancel(ctx)
	a.store.Insert(apart, Event{tenant + e.Name})
}

type tenantKey struct{}

func (a *API) background(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	ctx = context.Background()
	go a.record(ctx, Event{})
	go a.record(context.Background(), Event{})
}

func (a *API) joined(w http.ResponseWriter, r *http.Request) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		a.record(r.Context(), Event{})
	}()
	wg.Wait()
}

func (a *API) joinedLate(w http.ResponseWriter, r *http.Request) {
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Add(1)
	go func() {
		defer wg.Done()
		a.record(r.Context(), Event{})
	}()
}

func (a *API) channel(w http.ResponseWriter, r *http.Request) {
	errc := make(chan error, 1)
	go func() { errc <- a.store.Insert(r.Context(), Event{}) }()
	select {
	case err := <-errc:
		log.Print(err)
	case <-time.After(time.Second):
		http.Error(w, "slow", 504)
	}
}

func collect(errc <-chan error) error { return <-errc }

func (a *API) handedOn(w http.ResponseWriter, r *http.Request) {
	errc := make(chan error, 1)
	go func() { errc <- a.store.Insert(r.Context(), Event{}) }()
	if collect(errc) != nil {
		w.WriteHeader(500)
	}
}

func (a *API) group(w http.ResponseWriter, r *http.Request) {
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() error { return a.store.Insert(ctx, Event{}) })
	if g.Wait() != nil {
		w.WriteHeader(500)
	}
}

func (a *API) watcher(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	go func() {
		<-ctx.Done()
		log.Print("client gone")
	}()
	io.Copy(w, r.Body)
}

func (a *API) poll(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
			a.store.Insert(ctx, Event{})
		}
	}
}

func (a *API) polled(w http.ResponseWriter, r *http.Request) {
	go a.poll(r.Context())
	io.Copy(w, r.Body)
}

func (a *API) watched(w http.ResponseWriter, r *http.Request) {
	helpers.Watch(r.Context(), a.mail)
	io.Copy(w, r.Body)
}

type userKey struct{}

func userOf(ctx context.Context) string { u, _ := ctx.Value(userKey{}).(string); return u }

func (a *API) values(w http.ResponseWriter, r *http.Request) {
	go func() {
		slog.InfoContext(r.Context(), "in the background")
		log.Print(userOf(r.Context()), r.Context().Value(userKey{}))
		a.record(context.Background(), Event{userOf(r.Context())})
	}()
}

func (a *API) pump(ctx context.Context, c io.ReadWriter) error { return ctx.Err() }

func (a *API) socket(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	go a.store.Insert(ctx, Event{})
	a.record(ctx, Event{})
}

type pumper interface {
	Run(ctx context.Context) error
	Serve(ctx context.Context) error
}

func (a *API) opaque(p pumper) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		go p.Run(r.Context())
		if err := p.Serve(r.Context()); err != nil && !errors.Is(err, io.EOF) {
			log.Print(err)
		}
	}
}

func (a *API) endless(w http.ResponseWriter, r *http.Request) {
	go a.mail.Send(r.Context(), "root")
	buf := make([]byte, 100)
	for {
		if _, err := r.Body.Read(buf); err != nil {
			return
		}
	}
}

func (a *API) waited(w http.ResponseWriter, r *http.Request) {
	a.pool.Do(func() { a.mail.Send(r.Context(), "root") })
}

func (a *API) explained(w http.ResponseWriter, r *http.Request) {
	// Best effort: when the client is gone, nobody needs it.
	go a.record(r.Context(), Event{})
}

func service(ctx context.Context, a *API) {
	go a.record(ctx, Event{}) // not a handler: ctx may live long
}

func (a *API) export(ctx context.Context, w io.Writer) error { return a.store.Insert(ctx, Event{}) }

func (a *API) piped(w http.ResponseWriter, r *http.Request) {
	pr, pw := io.Pipe()
	go func() { pw.CloseWithError(a.export(r.Context(), pw)) }()
	io.Copy(w, pr)
}

func (a *API) writes(w http.ResponseWriter, r *http.Request) {
	go a.export(r.Context(), w)
	time.Sleep(time.Second)
}

// It runs for as long as the request does.
func beat(ctx context.Context) error {
	for ctx.Err() == nil {
		time.Sleep(time.Second)
	}
	return ctx.Err()
}

func (a *API) beats(w http.ResponseWriter, r *http.Request) {
	go beat(r.Context())
	time.Sleep(time.Minute)
}

// A helper detaches it.

func lasting(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }

func (a *API) storeLasting(ctx context.Context, name string) error {
	ctx = lasting(ctx)
	return a.store.Insert(ctx, Event{name})
}

func (a *API) storesLasting(w http.ResponseWriter, r *http.Request) {
	go a.storeLasting(r.Context(), r.FormValue("name"))
	w.WriteHeader(http.StatusAccepted)
}

// What a device is made with lasts as long as the device, unless that fails.

type device struct{ ctx context.Context }

var devices []*device

func install(ctx context.Context, s Store) error {
	if err := s.Insert(ctx, Event{}); err != nil {
		return err
	}
	devices = append(devices, &device{})
	return nil
}

func (a *API) installed(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(context.Background())
	if err := install(ctx, a.store); err != nil {
		cancel()
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

// Defect: nothing is left of it when the handler returns.
func (a *API) probed(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(context.Background()) // want `install goes on after the client has gone`
	if err := install(ctx, a.store); err != nil {
		cancel()
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	cancel()
	w.WriteHeader(http.StatusOK)
}

// A table has the language of its heads from the context, and is written to the client.

type table struct {
	w    http.ResponseWriter
	lang string
}

type langKey struct{}

func newTable(ctx context.Context, w http.ResponseWriter) (*table, error) {
	lang, ok := ctx.Value(langKey{}).(string)
	if !ok {
		return nil, errors.New("no language")
	}
	return &table{w, lang}, nil
}

func export(ctx context.Context, w http.ResponseWriter) {
	t, err := newTable(ctx, w)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	t.w.Write([]byte(t.lang))
}

func exported(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	lang := q.Get("lang")
	ctx := context.WithValue(context.Background(), langKey{}, lang)
	export(ctx, w)
}
