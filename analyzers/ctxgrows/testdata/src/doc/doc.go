// Package doc holds the examples of the check's documentation.
package doc

import (
	"context"
	"net/http"
	"time"
)

type (
	Job    struct{ ID int }
	Worker struct{ ctx context.Context }

	jobKey struct{}
	tagKey struct{}
)

type noIndex struct{ http.FileSystem }

func serve(ctx context.Context, job Job)     { _ = ctx.Value(jobKey{}) }
func try(ctx context.Context, job Job) error { return ctx.Err() }

// WRONG
func ServeAll(ctx context.Context, jobs <-chan Job) {
	for job := range jobs {
		ctx = context.WithValue(ctx, jobKey{}, job.ID) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		serve(ctx, job)
	}
}

// RIGHT
func ServeEach(ctx context.Context, jobs <-chan Job) {
	for job := range jobs {
		ctx := context.WithValue(ctx, jobKey{}, job.ID)
		serve(ctx, job)
	}
}

// WRONG
func Retry(ctx context.Context, job Job) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second) // want `^each call of Retry makes the context of the next from its own: one more link each time, and all of them end once one is cancelled or past its deadline; use a loop and derive from the context outside it$`
	defer cancel()
	if err := try(ctx, job); err == nil || ctx.Err() != nil {
		return err
	}
	return Retry(ctx, job)
}

// WRONG
func (w *Worker) handle(job Job) {
	w.ctx = context.WithValue(w.ctx, jobKey{}, job.ID) // want `^w\.ctx is rebuilt from itself by every call of handle: one more link each time, kept in memory and walked by every lookup; use a local variable$`
	serve(w.ctx, job)
}

func (w *Worker) Run(jobs <-chan Job) {
	for job := range jobs {
		w.handle(job)
	}
}

// RIGHT
func (w *Worker) handleOne(job Job) {
	ctx := context.WithValue(w.ctx, jobKey{}, job.ID)
	serve(ctx, job)
}

func (w *Worker) RunEach(jobs <-chan Job) {
	for job := range jobs {
		w.handleOne(job)
	}
}

// WRONG
type Request struct {
	context.Context
	id int
}

func (r *Request) Tag(tag string) {
	r.Context = context.WithValue(r, tagKey{}, tag) // want `^r\.Context is made from r, which asks r\.Context in turn: a lookup of a missing key overflows the stack; derive it from r\.Context$`
}

// RIGHT
func (r *Request) Label(tag string) { // want Label:"context grows 0.Context"
	r.Context = context.WithValue(r.Context, tagKey{}, tag)
}

// WRONG
func Files(root http.FileSystem, hidden bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if hidden {
			root = noIndex{root} // want `^root is wrapped once more on every request, and stays so: each one goes through all that came before, and nothing of it is freed; wrap it before the handler, or in a variable of its own$`
		}
		http.FileServer(root).ServeHTTP(w, r)
	}
}

// RIGHT
func FilesOnce(root http.FileSystem, hidden bool) http.HandlerFunc {
	if hidden {
		root = noIndex{root}
	}
	return func(w http.ResponseWriter, r *http.Request) {
		http.FileServer(root).ServeHTTP(w, r)
	}
}
