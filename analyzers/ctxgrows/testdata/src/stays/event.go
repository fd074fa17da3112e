package stays

import (
	"context"
	"net/http"
)

// An event is one request.
type event struct {
	Request  *http.Request
	Response http.ResponseWriter
}

func stream(e *event) error {
	ctx, cancel := context.WithCancel(e.Request.Context())
	defer cancel()
	e.Request = e.Request.Clone(ctx)
	_, err := e.Response.Write([]byte(e.Request.URL.Path))
	return err
}
