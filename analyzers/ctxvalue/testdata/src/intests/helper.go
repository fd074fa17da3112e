package intests // want package:"string keys"

import (
	"context"
	"testing"
)

func Helper(t *testing.T) context.Context {
	return context.WithValue(t.Context(), "in a test helper", 1)
}
