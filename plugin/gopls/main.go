// This program is gopls with heapvet's checks among its own: findings and fixes appear while
// one types, without a second language server.
//
//	go build -o ~/bin/gopls .
//
// It is no fork. The path of this module lies below that of gopls, so that its packages may
// import those of gopls; go.mod names the release of gopls, and the commit of x/tools
// that this release was built with.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"slices"

	"golang.org/x/tools/gopls/internal/cmd"
	"golang.org/x/tools/gopls/internal/settings"
	"golang.org/x/tools/gopls/internal/version"

	"golang.org/x/tools/gopls/heapvet/suite"
)

func main() {
	for _, a := range suite.Analyzers {
		if !slices.ContainsFunc(settings.AllAnalyzers, func(known *settings.Analyzer) bool { return known.Analyzer() == a }) {
			fmt.Fprintf(os.Stderr, "gopls was built without the check %s of heapvet: it was initialised too early\n", a.Name)
			os.Exit(2)
		}
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "golang.org/x/tools/gopls" {
				version.VersionOverride = m.Version + "+heapvet" // editors compare it with the newest gopls
			}
		}
	}
	cmd.Main()
}
