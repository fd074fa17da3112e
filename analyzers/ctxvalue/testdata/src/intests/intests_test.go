package intests

import (
	"context"
	"testing"
)

func TestKey(t *testing.T) {
	_ = context.WithValue(t.Context(), "in a test", 1)
}
