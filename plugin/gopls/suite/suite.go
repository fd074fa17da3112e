// Package suite adds heapvet's checks to those of go vet, from which gopls takes them when it
// starts. It must be initialised after the one and before the other; Go does so, because
// packages that wait for nothing are initialised in the order of their paths. The program
// checks that it did.
package suite

import (
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/suite/vet"

	"github.com/heapvet/heapvet"
	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/lint"
	"github.com/heapvet/heapvet/plugin/host"
)

// Analyzers are the checks that gopls gets: those that are on by default, without the ones
// of staticcheck, which it has already.
var Analyzers = analyzers()

func init() { vet.Suite = append(vet.Suite, Analyzers...) }

func analyzers() []*analysis.Analyzer {
	var checks []lint.Check
	for _, c := range heapvet.Suite {
		if c.Origin == "" && c.Stage == lint.On {
			checks = append(checks, c)
		}
	}
	return host.Analyzers(checks, escape.GoList{PerPackage: true})
}
