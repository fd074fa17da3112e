//go:build ignore

// proof: behaviour

package main

import (
	"context"
	"net/http"
	"net/http/httptest"
)

type idKey struct{}

func withID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.WithContext(context.WithValue(r.Context(), idKey{}, "8f14e45f"))
		next.ServeHTTP(w, r)
	})
}

func show(w http.ResponseWriter, r *http.Request) {
	id, _ := r.Context().Value(idKey{}).(string)
	w.Header().Set("Id", id)
}

func run() string {
	w := httptest.NewRecorder()
	withID(http.HandlerFunc(show)).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Header().Get("Id") == "" {
		return "bad: the handler got a request without the value"
	}
	return "ok"
}

func main() { println(run()) }
