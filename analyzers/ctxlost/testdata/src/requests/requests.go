// Package requests leaves goroutines behind.
package requests

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"google.golang.org/grpc"
	"helpers"
)

type Event struct{ Name string }

type Store interface {
	Insert(ctx context.Context, e Event) error
}

type API struct {
	store  Store
	mail   helpers.Mailer
	pool   helpers.Pool
	client *http.Client
	wg     sync.WaitGroup
}

// Defects.

func (a *API) closure(w http.ResponseWriter, r *http.Request) {
	e := Event{r.FormValue("name")}
	go func() {
		if err := a.store.Insert(r.Context(), e); err != nil { // want `when the handler returns, but this goroutine may go on: a.store.Insert then fails`
			log.Print(err)
		}
	}()
	w.WriteHeader(http.StatusAccepted)
}

func (a *API) variable(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	name := r.FormValue("name")
	go func() {
		a.store.Insert(ctx, Event{name}) // want `a.store.Insert then fails`
	}()
	json.NewEncoder(w).Encode(name)
}

func (a *API) timeout(w http.ResponseWriter, r *http.Request) {
	go func() {
		ctx, cancel := context.WithTimeout(r.Context(), time.Minute) // want `a.store.Insert then fails`
		defer cancel()
		if err := a.store.Insert(ctx, Event{}); err != nil {
			log.Print(err)
		}
	}()
}

func (a *API) value(w http.ResponseWriter, r *http.Request) {
	ctx := context.WithValue(r.Context(), Event{}, "user")
	go a.mail.Send(ctx, "root") // want `a.mail.Send then fails`
}

func (a *API) argument(w http.ResponseWriter, r *http.Request) {
	go func(ctx context.Context, to string) {
		a.mail.Send(ctx, to)
	}(r.Context(), r.FormValue("to")) // want `a.mail.Send then fails`
	w.WriteHeader(202)
}

func (a *API) record(ctx context.Context, e Event) {
	if err := a.store.Insert(ctx, e); err != nil {
		log.Print(err)
	}
}

func (a *API) method(w http.ResponseWriter, r *http.Request) {
	a.wg.Add(1)
	go a.record(r.Context(), Event{}) // want `a.record then fails`
}

func (a *API) process(r *http.Request, e Event) {
	if err := a.store.Insert(r.Context(), e); err != nil {
		log.Print(err)
	}
}

func (a *API) request(w http.ResponseWriter, r *http.Request) {
	go a.process(r, Event{}) // want `of r is .* when the handler returns, but this goroutine may go on: a.process then fails`
}

func (a *API) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		go a.record(r.Context(), Event{r.URL.Path}) // want `a.record then fails`
	})
}

func (a *API) call(w http.ResponseWriter, r *http.Request) {
	go func() {
		req, err := http.NewRequestWithContext(r.Context(), "POST", "http://hook", nil) // want `http.NewRequestWithContext then fails`
		if err != nil {
			return
		}
		if resp, err := a.client.Do(req); err == nil {
			resp.Body.Close()
		}
	}()
}

func (a *API) helper(w http.ResponseWriter, r *http.Request) {
	a.pool.Async(func() {
		a.mail.Send(r.Context(), "root") // want `the goroutine that Async starts may go on: a.mail.Send then fails`
	})
}

func (a *API) helperFunc(w http.ResponseWriter, r *http.Request) {
	helpers.Notify(r.Context(), a.mail, "root") // want `the goroutine that Notify starts may go on`
	w.WriteHeader(202)
}

func (a *API) later(e Event, ctx context.Context) {
	go func() { a.record(ctx, e) }()
}

func (a *API) local(w http.ResponseWriter, r *http.Request) {
	a.later(Event{}, r.Context()) // want `the goroutine that later starts may go on`
}

func (a *API) timer(w http.ResponseWriter, r *http.Request) {
	time.AfterFunc(time.Minute, func() {
		a.store.Insert(r.Context(), Event{}) // want `the goroutine that AfterFunc starts may go on`
	})
}

func (a *API) gin(c *gin.Context) {
	go a.record(c.Request.Context(), Event{}) // want `a.record then fails`
	c.JSON(202, nil)
}

type UnimplementedEventsServer struct{}

type server struct {
	UnimplementedEventsServer
	api *API
}

func (s *server) Create(ctx context.Context, e *Event) (*Event, error) { // want Create:`starts calls\[\] works\[0\]`
	if err := s.api.store.Insert(ctx, *e); err != nil {
		return nil, err
	}
	go s.api.mail.Send(ctx, e.Name) // want `s.api.mail.Send then fails`
	return e, nil
}

func (s *server) Stream(e *Event, stream grpc.ServerStream) error {
	go s.api.record(stream.Context(), *e) // want `s.api.record then fails`
	return nil
}

func intercept(a *API) any {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		resp, err := next(ctx, req)
		go a.record(ctx, Event{info.FullMethod}) // want `a.record then fails`
		return resp, err
	}
}

func (a *API) forEach(w http.ResponseWriter, r *http.Request) {
	for _, to := range r.Form["to"] {
		go a.mail.Send(r.Context(), to) // want `a.mail.Send then fails`
	}
	w.WriteHeader(202)
}

// It asks for the end now and then, but it is not there to wait for it.
func rebuild(ctx context.Context, names []string) error {
	for range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		time.Sleep(time.Second)
	}
	return nil
}

func (a *API) rebuildAll(w http.ResponseWriter, r *http.Request) {
	go rebuild(r.Context(), r.URL.Query()["name"]) // want `rebuild then fails with context canceled`
	w.WriteHeader(http.StatusAccepted)
}

func (a *API) partly(w http.ResponseWriter, r *http.Request) {
	go a.audit(r.Context(), Event{}, false) // want `a.audit then fails`
	go a.recordTwice(r.Context(), Event{})  // want `a.recordTwice then fails`
}

func (a *API) audit(ctx context.Context, e Event, keep bool) {
	if keep {
		ctx = context.WithoutCancel(ctx)
	}
	a.store.Insert(ctx, e)
}

func (a *API) recordTwice(ctx context.Context, e Event) {
	a.store.Insert(context.WithoutCancel(ctx), e)
	a.store.Insert(ctx, e)
}
