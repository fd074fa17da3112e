package requests

import (
	"net/http"

	"helpers"
)

// A helper that is given the request works under its context.

func (a *API) tell(w http.ResponseWriter, r *http.Request) {
	helpers.NotifyFor(r, a.mail) // want `the goroutine that NotifyFor starts may go on`
	w.WriteHeader(http.StatusAccepted)
}

func (a *API) tellAfter(w http.ResponseWriter, r *http.Request) {
	helpers.NotifyAfter(r, a.mail)
	w.WriteHeader(http.StatusAccepted)
}

func (a *API) tellNow(w http.ResponseWriter, r *http.Request) {
	if err := helpers.NotifyNow(r, a.mail); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}
