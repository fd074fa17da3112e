package lostclose_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/lostclose"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), lostclose.Analyzer, "doc", "a", "b", "helper", "client", "command", "convert", "applet", "prog/cmd/sub", "subcommands", "watch", "server", "agentcmd")
}

// TestAll shows what is only reported on demand.
func TestAll(t *testing.T) {
	a := lostclose.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	fixture.Run(t, fixture.Dir(), a, "demand")
}

func TestFixes(t *testing.T) {
	fixture.RunFixes(t, fixture.Dir(), lostclose.Analyzer, "fix")
}
