//go:build ignore

// The report has a place to go when nobody waits for it.

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"
)

type reports struct{ latency time.Duration }

func (rp *reports) build(customer string) (string, error) {
	time.Sleep(rp.latency)
	if customer == "" {
		return "", fmt.Errorf("no customer")
	}
	return "report of " + customer, nil
}

func (rp *reports) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	type result struct {
		text string
		err  error
	}
	built := make(chan result, 1)
	customer := r.FormValue("customer")
	go func() {
		text, err := rp.build(customer)
		built <- result{text, err}
	}()
	select {
	case <-r.Context().Done():
		http.Error(w, "gone", http.StatusServiceUnavailable)
	case res := <-built:
		if res.err != nil {
			http.Error(w, res.err.Error(), http.StatusBadRequest)
			return
		}
		fmt.Fprintln(w, res.text)
	}
}

func run() {
	mux := http.NewServeMux()
	mux.Handle("/report", &reports{latency: 5 * time.Millisecond})
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	r := httptest.NewRequest("GET", "/report?customer=ann", nil).WithContext(ctx)
	mux.ServeHTTP(httptest.NewRecorder(), r)
}
