// Package gin stands for the web framework.
package gin

import (
	"io"
	"net/http"
)

// Context is that of one request.
type Context struct {
	Request *http.Request
	Writer  http.ResponseWriter
}

// Stream calls step until it returns false, or the client is gone.
func (c *Context) Stream(step func(w io.Writer) bool) bool {
	for c.Request.Context().Err() == nil {
		if !step(c.Writer) {
			return false
		}
	}
	return true
}
