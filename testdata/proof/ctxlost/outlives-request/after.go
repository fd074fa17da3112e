//go:build ignore

// proof: behaviour

package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"time"
)

type mailer struct{ result chan error }

func (m *mailer) send(ctx context.Context, to string) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(50 * time.Millisecond):
		return nil
	}
}

func (m *mailer) deliver(ctx context.Context, to string) {
	m.result <- m.send(ctx, to)
}

func (m *mailer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	go m.deliver(context.WithoutCancel(r.Context()), r.FormValue("to"))
	w.WriteHeader(http.StatusAccepted)
}

func run() string {
	m := &mailer{make(chan error, 1)}
	srv := httptest.NewServer(m)
	defer srv.Close()
	resp, err := http.Get(srv.URL)
	if err != nil {
		return err.Error()
	}
	resp.Body.Close()
	if err := <-m.result; err != nil {
		return "bad: accepted, but not sent: " + err.Error()
	}
	return "ok"
}
