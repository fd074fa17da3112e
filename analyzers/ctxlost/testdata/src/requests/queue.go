package requests

import (
	"context"
	"io"
	"log"
	"net/http"
	"sync"
	"time"

	"helpers"
)

type task struct {
	ctx   context.Context
	event Event
	done  chan error
}

type span struct {
	ctx  context.Context
	name string
}

type queue struct {
	api   *API
	tasks chan *task
	spans chan span
	out   helpers.Outbox
}

func (q *queue) work() {
	for t := range q.tasks {
		ctx, cancel := context.WithTimeout(t.ctx, time.Second)
		err := q.api.store.Insert(ctx, t.event)
		cancel()
		if t.done != nil {
			t.done <- err
		}
	}
}

func (q *queue) observe() {
	for s := range q.spans {
		s.ctx.Value(s.name)
	}
}

func (q *queue) enqueue(t *task) { q.tasks <- t }

// Defects.

func (q *queue) send(w http.ResponseWriter, r *http.Request) {
	q.tasks <- &task{ctx: r.Context(), event: Event{r.FormValue("name")}} // want `r.Context\(\) is cancelled when the handler returns, but what is sent here may be worked off later: q.api.store.Insert then fails with context canceled; use context.WithoutCancel`
	w.WriteHeader(http.StatusAccepted)
}

func (q *queue) offer(w http.ResponseWriter, r *http.Request) {
	t := &task{event: Event{r.FormValue("name")}}
	t.ctx = r.Context() // want `what is sent here may be worked off later`
	select {
	case q.tasks <- t:
		w.WriteHeader(http.StatusAccepted)
	case <-r.Context().Done():
	}
}

func (q *queue) byMethod(w http.ResponseWriter, r *http.Request) {
	t := &task{ctx: r.Context()} // want `what enqueue puts in a queue may go on`
	q.enqueue(t)
}

func (q *queue) byOthers(w http.ResponseWriter, r *http.Request) {
	q.out.Put(helpers.Letter{Ctx: r.Context(), To: r.FormValue("to")}) // want `what Put puts in a queue may go on: o.m.Send then fails`
	q.out.Post(r.Context(), r.FormValue("to"))                         // want `what Post puts in a queue may go on`
}

func (q *queue) ownTimeout(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Minute)
	go func() {
		defer cancel()
		q.api.store.Insert(ctx, Event{}) // want `q.api.store.Insert then fails`
	}()
	w.WriteHeader(http.StatusAccepted)
}

// All of this is right.

func (q *queue) free(w http.ResponseWriter, r *http.Request) {
	q.tasks <- &task{ctx: context.WithoutCancel(r.Context())}
	q.spans <- span{ctx: r.Context(), name: "values alone"}
	q.out.Put(helpers.Letter{Ctx: context.Background(), Span: r.Context()})
	q.out.Traced(r.Context(), "root")
}

func (q *queue) answered(w http.ResponseWriter, r *http.Request) {
	t := &task{ctx: r.Context(), done: make(chan error, 1)}
	q.enqueue(t)
	select {
	case err := <-t.done:
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
	case <-r.Context().Done():
	}
}

func (q *queue) sharedAnswer(w http.ResponseWriter, r *http.Request) {
	done := make(chan error, 1)
	q.tasks <- &task{ctx: r.Context(), done: done}
	q.wait(done)
}

func (q *queue) wait(done chan error) error { return <-done }

func (q *queue) inTime(w http.ResponseWriter, r *http.Request) {
	select {
	case q.tasks <- &task{ctx: r.Context(), done: nil}:
		<-time.After(time.Second)
	case <-r.Context().Done():
	}
}

func (q *queue) ownWorkers(w http.ResponseWriter, r *http.Request) {
	tasks := make(chan *task)
	go func() {
		for t := range tasks {
			q.api.record(context.WithoutCancel(t.ctx), t.event)
		}
	}()
	tasks <- &task{ctx: r.Context()}
	close(tasks)
}

func (q *queue) stopped(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Minute)
	defer cancel() // it is to end with the handler
	go func() {
		defer cancel()
		q.api.store.Insert(ctx, Event{})
	}()
	time.Sleep(time.Second)
}

// A group that lives longer than the request, and two that do not.

func (q *queue) grouped(w http.ResponseWriter, r *http.Request) {
	q.api.wg.Go(func() {
		q.api.store.Insert(r.Context(), Event{}) // want `the goroutine that Go starts may go on: q.api.store.Insert then fails`
	})
	w.WriteHeader(http.StatusAccepted)
}

func (q *queue) ownGroup(w http.ResponseWriter, r *http.Request) {
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { q.api.store.Insert(r.Context(), Event{}) })
}

func (q *queue) waitsForGroup(w http.ResponseWriter, r *http.Request) {
	q.api.wg.Go(func() { q.api.store.Insert(r.Context(), Event{}) })
	q.api.wg.Wait()
}

func (q *queue) groupedElsewhere(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	q.api.pool.Later(func() {
		q.api.store.Insert(ctx, Event{}) // want `the goroutine that Later starts may go on: q.api.store.Insert then fails`
	})
	q.answer(w, r, "accepted")
}

func (q *queue) groupedAndLogged(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	q.api.pool.Logged(func() {
		q.api.store.Insert(ctx, Event{}) // want `the goroutine that Logged starts may go on: q.api.store.Insert then fails`
	})
	q.answer(w, r, "accepted")
}

func (q *queue) bothAtOnce(w http.ResponseWriter, r *http.Request) {
	helpers.Both(func() { q.api.store.Insert(r.Context(), Event{}) }, func() { w.WriteHeader(http.StatusAccepted) })
}

// What only answers does not go on with the request; what copies does, and so may what others do.

func (q *queue) answer(w http.ResponseWriter, r *http.Request, text string) {
	if r.Method != http.MethodHead {
		io.WriteString(w, text)
	}
	loggerOf(r.Context()).Print(r.URL.Path)
}

func loggerOf(ctx context.Context) *log.Logger { return log.Default() }

func (q *queue) stream(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }

func (q *queue) each(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) }

func (q *queue) waits(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func (q *queue) streamed(w http.ResponseWriter, r *http.Request) {
	go func() { q.api.store.Insert(r.Context(), Event{}) }()
	q.stream(w, r)
}

func (q *queue) served(w http.ResponseWriter, r *http.Request) {
	go func() { q.api.store.Insert(r.Context(), Event{}) }()
	q.each(w, r, http.DefaultServeMux)
}

func (q *queue) waited(w http.ResponseWriter, r *http.Request) {
	go func() { q.api.store.Insert(r.Context(), Event{}) }()
	q.waits(w, r)
}

// Nor does one that reads the form, hands the request on, or takes it among others, only answer.

func (q *queue) form(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.FormValue("id")) }

func (q *queue) marked(w http.ResponseWriter, r *http.Request) {
	http.DefaultServeMux.ServeHTTP(w, r.WithContext(r.Context()))
}

func (q *queue) all(w http.ResponseWriter, of ...any) { q.waits(w, of[1].(*http.Request)) }

func (q *queue) formed(w http.ResponseWriter, r *http.Request) {
	go func() { q.api.store.Insert(r.Context(), Event{}) }()
	q.form(w, r)
}

func (q *queue) markedAnew(w http.ResponseWriter, r *http.Request) {
	go func() { q.api.store.Insert(r.Context(), Event{}) }()
	q.marked(w, r)
}

func (q *queue) among(w http.ResponseWriter, r *http.Request) {
	go func() { q.api.store.Insert(r.Context(), Event{}) }()
	q.all(w, q, r)
}

func (q *queue) expressed(w http.ResponseWriter, r *http.Request) {
	go func() { q.api.store.Insert(r.Context(), Event{}) }()
	(*queue).waits(q, w, r)
}

// Those who are written to belong to others.

type peer interface {
	Write(ctx context.Context, s string) error
	Close() error
}

type crowd struct{ peers map[peer]bool }

func (c *crowd) tellAll(w http.ResponseWriter, r *http.Request) {
	for p := range c.peers {
		go func() {
			p.Write(r.Context(), "hello") // want `p.Write then fails`
		}()
	}
	w.WriteHeader(http.StatusAccepted)
}

func (c *crowd) tellOne(w http.ResponseWriter, r *http.Request) {
	p := c.dial(r)
	defer p.Close()
	go p.Write(r.Context(), "hello")
	time.Sleep(time.Second)
}

func (c *crowd) dial(*http.Request) peer { return nil }

// Who reads what a helper writes waits for it.

func (a *API) archive(ctx context.Context, e Event) io.ReadCloser {
	pr, pw := io.Pipe()
	go func() {
		pw.CloseWithError(a.store.Insert(ctx, e))
	}()
	return pr
}

func (a *API) download(w http.ResponseWriter, r *http.Request) {
	tar := a.archive(r.Context(), Event{r.FormValue("name")})
	defer tar.Close()
	io.Copy(w, tar)
}
