package busy

import (
	"context"
	"net/http"
)

// stamp works on the request that it is given, as tests do as well.
func stamp(req *http.Request, id string) {
	*req = *req.WithContext(context.WithValue(req.Context(), reqKey, id)) // want `^\*req belongs to the caller of stamp and is rebuilt from itself by every call: one more link each time`
}

func stampAll(req *http.Request, ids []string, send func(*http.Request)) {
	for _, id := range ids {
		stamp(req, id)
		send(req)
	}
}

func stampFor(req *http.Request, id string) {
	*req = *req.WithContext(context.WithValue(req.Context(), reqKey, id))
}
