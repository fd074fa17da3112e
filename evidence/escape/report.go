package escape

import (
	"go/ast"

	"golang.org/x/tools/go/analysis"
)

// Output is the parsed output of the compiler for one package.
type Output struct{}

// GoList is the source for hosts without a unit.
type GoList struct{}

// Load implements [Source].
func (GoList) Load(pass *analysis.Pass) (*Output, error) { return nil, nil }

// A Report answers what the compiler decided about one package.
type Report struct{}

func newReport(pass *analysis.Pass, src Source) *Report { return &Report{} }

func (r *Report) sites(n ast.Node) []Site { return nil }

// Known reports whether the compiler's output is at hand. The first call asks for it.
func (r *Report) Known() bool { return false }

// Why says in one sentence why the compiler's output is not at hand; "" if it is.
func (r *Report) Why() string { return "" }

// Compiled reports whether the compiler is known to have compiled the function that encloses n.
func (r *Report) Compiled(n ast.Node) bool { return false }

// Expr returns the verdict about an allocating expression: a composite literal or its
// address, new, make, append, function literal, method value, conversion,
// concatenation, or an operand that is converted to an interface. Where inlined copies disagree, the answer is about the
// function's own code.
func (r *Report) Expr(e ast.Expr) Verdict { return Unknown }

// Var returns whether the variable that id declares was moved to the heap.
func (r *Report) Var(id *ast.Ident) Verdict { return Unknown }

// Explain says in one plain sentence why the site is on the heap.
func (s Site) Explain() string { return "" }

// Related returns the flow of the site as related information, nearest cause last.
func (r *Report) Related(s Site) []analysis.RelatedInformation { return nil }

// With returns instances of the analyzers, and of all that they require, whose
// escape prerequisite asks src; analyzers that do not need it are returned as they are.
func With(src Source, analyzers ...*analysis.Analyzer) []*analysis.Analyzer { return analyzers }
