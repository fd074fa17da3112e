package requests

import (
	"context"
	"net/http"
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
