package requests

import (
	"context"
	"net/http"
	"time"
)

// Whoever wrote it has seen that the context of the request ends too soon, though not everywhere.

func (q *queue) verify(w http.ResponseWriter, r *http.Request) {
	go q.verifyName(r.Context(), r.FormValue("name")) // want `r.Context\(\) is cancelled when the handler returns, but this goroutine may go on`
	w.WriteHeader(http.StatusAccepted)
}

func (q *queue) verifyName(ctx context.Context, name string) {
	if q.api.store.Insert(ctx, Event{name}) != nil {
		return
	}
	q.api.store.Insert(context.Background(), Event{name + "!"})
}

func (q *queue) serveNames(ctx context.Context, names <-chan string) {
	go q.insertAll(ctx, names)
	<-ctx.Done()
}

func (q *queue) insertAll(ctx context.Context, names <-chan string) {
	for name := range names {
		q.api.store.Insert(context.Background(), Event{name}) // want `context.Background\(\) drops the deadline and cancellation of ctx`
	}
}

// The same by way of a variable.
func (q *queue) register(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	if err := q.api.store.Insert(ctx, Event{}); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	go q.greet(ctx, r.FormValue("name"))
	w.WriteHeader(http.StatusAccepted)
}

func (q *queue) greet(ctx context.Context, name string) {
	own, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	q.api.store.Insert(own, Event{name})
}

var all = context.Background()

// Defect: it is not of a request alone.
func (q *queue) registerAll(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	if r.FormValue("all") != "" {
		ctx = all
	}
	go q.greetAll(ctx, r.Form["name"])
}

func (q *queue) greetAll(ctx context.Context, names []string) {
	for _, name := range names {
		q.api.store.Insert(context.Background(), Event{name}) // want `q.api.store.Insert goes on`
	}
}

// Defect: nor is this one, as it is declared.
func (q *queue) registerSome(w http.ResponseWriter, r *http.Request) {
	var ctx = all
	if r.FormValue("all") == "" {
		ctx = r.Context()
	}
	go q.greetSome(ctx, r.Form["name"])
}

func (q *queue) greetSome(ctx context.Context, names []string) {
	for _, name := range names {
		q.api.store.Insert(context.Background(), Event{name}) // want `q.api.store.Insert goes on`
	}
}
