package helpers

import (
	"context"
	"log"
	"net/http"
)

// NotifyFor sends in the background, for a request.
func NotifyFor(r *http.Request, m Mailer) { // want NotifyFor:`starts calls\[\] works\[0\]`
	to := r.FormValue("to")
	go func() {
		if err := m.Send(r.Context(), to); err != nil {
			log.Print(err)
		}
	}()
}

// NotifyAfter sends in the background, when the request may be over.
func NotifyAfter(r *http.Request, m Mailer) {
	ctx, to := context.WithoutCancel(r.Context()), r.FormValue("to")
	go func() {
		if err := m.Send(ctx, to); err != nil {
			log.Print(err)
		}
	}()
}

// NotifyNow waits for it.
func NotifyNow(r *http.Request, m Mailer) error {
	sent := make(chan error, 1)
	go func() { sent <- m.Send(r.Context(), r.FormValue("to")) }()
	return <-sent
}
