// Package call has the context of a call.
package call

import "context"

type Call struct {
	context.Context
	Till int
}
