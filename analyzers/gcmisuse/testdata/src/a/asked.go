package a

import (
	"net/http"
	"runtime/debug"
	"strconv"
)

// A client that asks for it changes the collector for all others.
func render(w http.ResponseWriter, r *http.Request) {
	if v := r.Header.Get("X-Burst"); v != "" {
		if n, err := strconv.Atoi(v); err == nil {
			old := debug.SetGCPercent(n) // want `debug.SetGCPercent changes the collector for all requests`
			defer debug.SetGCPercent(old)
		}
	}
	page(w)
}

func page(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) }

// One that sets it for good is a knob.
func setPercent(w http.ResponseWriter, r *http.Request) {
	if n, err := strconv.Atoi(r.FormValue("percent")); err == nil {
		debug.SetGCPercent(n)
	}
	page(w)
}

// One batch in a hundred is large, and knows what it does.
func batches(all [][]byte, store func([]byte)) {
	for _, b := range all {
		if len(b) > 1<<20 {
			old := debug.SetGCPercent(400)
			store(b)
			debug.SetGCPercent(old)
			continue
		}
		store(b)
	}
}
