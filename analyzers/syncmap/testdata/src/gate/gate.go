// Package gate serves devices.
package gate

import (
	"ledger"
	"net/http"
)

var devices ledger.Ledger

func serve(w http.ResponseWriter, r *http.Request) {
	devices.Note(r.RemoteAddr, r.ContentLength) // want `devices.Note stores in a sync.Map on every request, and nothing looks a key of it up`
	devices.Name(r.RemoteAddr, r.URL.Path)
	devices.Kind(r.RemoteAddr, r.Method)
}

func start() {
	devices.Note("gate", 0)
}
