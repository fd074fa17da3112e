package losttimer

import (
	_ "embed"
	"fmt"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"

	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// New returns a fresh instance, so that hosts and tests may set flags independently.
func New() *analysis.Analyzer {
	return lint.New(&analysis.Analyzer{
		Name:     "losttimer",
		Doc:      lint.Doc(doc, "losttimer"),
		URL:      lint.URL("losttimer"),
		Requires: []*analysis.Analyzer{inspect.Analyzer},
		Run:      run,
	})
}

// Check is what drivers and documentation need beyond the analyzer itself.
var Check = lint.Check{
	New:      New,
	Group:    lint.Goroutines,
	Stage:    lint.On,
	Since:    "v0.2.0",
	Fix:      lint.NoFix,
	Evidence: lint.Types,
	Categories: []lint.Category{
		{Name: stopDrain, Title: "a timer channel is drained that may be empty"},
	},
}

const stopDrain = "stop-drain"

// finder is one run of the check on one package.
type finder struct {
	pass *analysis.Pass
}

func run(pass *analysis.Pass) (any, error) {
	if !lint.Imports(pass.Pkg, "time") {
		return nil, nil
	}
	f := &finder{pass}
	f.drains()
	return nil, nil
}

// line names the line of a position in a message.
func (f *finder) line(pos token.Pos) string {
	return fmt.Sprintf("line %d", f.pass.Fset.Position(pos).Line)
}
