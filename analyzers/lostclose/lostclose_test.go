package lostclose_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/lostclose"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), lostclose.Analyzer, "doc", "a", "helper", "client", "command")
}

func TestFixes(t *testing.T) {
	fixture.RunFixes(t, fixture.Dir(), lostclose.Analyzer, "fix")
}
