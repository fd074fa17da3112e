// Package escape tells checks what the Go compiler decided about the
// allocations of a package: which expressions and variables are on the heap,
// why, and which are not.
//
// Analyzer is a prerequisite with a typed result, [*Report], and no
// diagnostics. It is lazy: the compiler is asked on the first question, so a
// package without candidates costs nothing. It is monotone: with no [Source],
// or where the source fails, every answer is [Unknown], unless the types alone
// show that nothing is allocated, and a check that treats Unknown as "not
// proven" reports less, never more.
package escape

import (
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/lint"
)

// A Verdict is the compiler's decision about one expression or variable.
type Verdict int

const (
	Unknown Verdict = iota // no witness: not compiled, generic and never instantiated, or no compiler at hand
	Heap                   // escapes to, or was moved to, the heap
	Stack                  // does not escape; a size known only at run time may still reach the heap
	Free                   // no copy and no allocation, such as a zero-copy conversion
)

// A Source obtains the compiler's output for one package.
type Source interface {
	// Load returns what the compiler printed for the package of the pass.
	// An error leaves every answer about the package Unknown; its text says why.
	Load(*analysis.Pass) (*Output, error)
}

// A Builder is a Source that can also have the package compiled to the end.
type Builder interface {
	Source
	// Build returns, beside the output, the object file of the package.
	Build(*analysis.Pass) (*Output, []byte, error)
	// Archive returns the file with the compiled package of that path, which the
	// package of the pass imports, perhaps through others.
	Archive(pass *analysis.Pass, path string) (string, error)
}

// Analyzer is the default instance, which checks list in Requires.
var Analyzer = New(GoList{})

// New returns an instance of the prerequisite that asks src.
// A nil src knows nothing.
func New(src Source) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "escape",
		Doc:        "report to other analyzers what the compiler decided about allocations",
		ResultType: reflect.TypeFor[*Report](),
		Run: func(pass *analysis.Pass) (any, error) {
			return newReport(pass, src), nil
		},
	}
}

// Of returns the report for the pass, whichever instance of the prerequisite
// made it. The pass's analyzer must require [Analyzer].
func Of(pass *analysis.Pass) *Report {
	for _, result := range pass.ResultOf {
		if r, ok := result.(*Report); ok {
			return r
		}
	}
	return newReport(pass, nil)
}

// A Step is one edge of the flow that made the compiler choose the heap.
type Step struct {
	What string // the compiler's word for the edge: "call parameter", "interface-converted", "return", …
	Expr string // the expression, as the compiler prints it
	File string // base name of the file
	Line int
	Col  int // in bytes, from 1; 0 if the compiler gave none

	// Callee says of a call what hides its code from the compiler: "an interface
	// method", "a function value"; "" if nothing does.
	Callee string

	callee string // of a call in the package: the function, as the source has it
	path   string // as the compiler prints it
}

// A Site is one statement of the compiler about one place.
type Site struct {
	Verdict Verdict
	Expr    string // what is allocated, as the compiler prints it: "&T{...}", "make([]int, n)", "x"
	Moved   bool   // a variable moved to the heap, rather than an expression
	Boxed   bool   // the copy of a value in an interface, rather than what the expression itself makes
	Inlined bool   // very likely not of the code at this place, but of a function whose call here was inlined
	Func    string // the function it was compiled in; "" if the compiler did not say
	Flow    []Step // from the value to the heap; nil unless Verdict is Heap
	Reason  string // why, where it is no flow: "too large for stack", "zero-sized element"; else ""
}

// With returns instances of the analyzers, and of all that they require, whose
// escape prerequisite asks src; analyzers that do not need it are returned as
// they are.
func With(src Source, analyzers ...*analysis.Analyzer) []*analysis.Analyzer {
	return lint.Replace(map[*analysis.Analyzer]*analysis.Analyzer{Analyzer: New(src)}, analyzers...)
}
