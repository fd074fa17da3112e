package syncmodel_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/evidence/syncmodel"
)

// show reports, where a channel is made, its capacity, what is done with it, and
// what others may do.
var show = &analysis.Analyzer{
	Name:     "show",
	Doc:      "show the model",
	Requires: []*analysis.Analyzer{syncmodel.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		names := []string{"send", "recv", "range", "close"}
		m := syncmodel.Of(pass)
		for _, c := range m.Made() {
			var ops []string
			for kind, name := range names {
				if c.Has(syncmodel.Kind(kind)) {
					ops = append(ops, name)
				}
			}
			for _, mk := range c.Makes() {
				n, _ := m.Capacity(mk)
				text := strings.TrimSpace(fmt.Sprintf("%d %s", n, strings.Join(ops, ", ")))
				if c.Outside() != 0 {
					text += "; outside"
				}
				for i, who := range []syncmodel.Who{syncmodel.MaySend, syncmodel.MayRecv, syncmodel.MayClose} {
					if c.Outside()&who != 0 {
						text += " " + []string{"send", "recv", "close"}[i]
					}
				}
				pass.Reportf(mk.Pos(), "<%s>", text)
			}
		}
		return nil, nil
	},
}

func TestClasses(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), show, "m")
}

// TestEffects shows what other packages learn of locks.
func TestEffects(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), syncmodel.Analyzer, "effects")
}

// TestGiven shows what other packages learn of functions that get channels.
func TestGiven(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), syncmodel.Analyzer, "given")
}
