package falseshare_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/falseshare"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), falseshare.New(), "doc", "a")
}
