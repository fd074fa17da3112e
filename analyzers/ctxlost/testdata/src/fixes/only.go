package fixes

import (
	"context"
	"net/http"
)

// The import would have no use.
func (a *api) only(w http.ResponseWriter, r *http.Request) {
	if a.store.Save(context.Background(), r.FormValue("name")) != nil { // want `a.store.Save goes on`
		w.WriteHeader(500)
	}
}
