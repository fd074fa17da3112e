package fakedirective_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/fakedirective"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), fakedirective.New(), "doc", "a", "tiny", "embedded", "built", "generate")
}

func TestFixes(t *testing.T) {
	fixture.RunFixes(t, fixture.Dir(), fakedirective.New(), "fix")
}
