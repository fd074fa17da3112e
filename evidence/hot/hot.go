// Package hot tells checks whether a place in the source is worth a word:
// whether what happens there happens often.
//
// An allocation is worth removing where it repeats: on every iteration of a
// loop, on every request, or in a function that its author calls hot. It is not
// where it happens once, or only when something went wrong. Nothing here is
// measured; where the source does not show that a place repeats, it does not.
//
// Cold whatever surrounds it: test and generated files, package variables, init,
// main and functions that only these call, the bodies of sync.Once and its
// kin, blocks that end in panic, os.Exit or the return of an error,
// blocks that run only if an error is not nil, and those that write down the stacks
// of goroutines.
//
// Not counted as loops, though what is around them may be: loops that run
// a small constant number of times, loops that leave on the way of the place, and
// loops that wait or do slow work in each round (accept, sleep, receive,
// open a file, run a query, start a goroutine), where an allocation is lost in the noise.
//
// Authors decide by hand with a line in a function's doc comment:
//
//	//heapvet:hot
//	//heapvet:cold
//
// A [Profile] of the program names the functions that are hot in fact.
package hot

import (
	"go/ast"
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// Analyzer offers [*Report] to the checks that require it. It knows no profile.
var Analyzer = New(nil)

// New returns an instance of the prerequisite that knows a profile, which may be nil.
// [lint.Replace] puts it in the place of [Analyzer].
func New(profile Profile) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "hot",
		Doc:        "tell other analyzers which places run often",
		Requires:   []*analysis.Analyzer{inspect.Analyzer, lazyssa.Analyzer},
		ResultType: reflect.TypeFor[*Report](),
		Run: func(pass *analysis.Pass) (any, error) {
			return &Report{
				pass:    pass,
				root:    pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root(),
				profile: profile,
			}, nil
		},
	}
}

// Of returns the report of a pass whose analyzer requires [Analyzer].
func Of(pass *analysis.Pass) *Report {
	return pass.ResultOf[Analyzer].(*Report)
}

// A Kind says what repeats a place.
type Kind int

const (
	Cold     Kind = iota // nothing is known to repeat it, or it is known to be rare
	Loop                 // every iteration of a loop
	Request              // every request that a handler serves
	Message              // every message that a consumer is given
	Benched              // every call of a function that a benchmark measures
	Profiled             // every call of a function that a profile names
	Declared             // every call of a function marked //heapvet:hot
)

// A Place says how often something in the source happens.
type Place struct {
	Kind Kind

	// Cause is what repeats the place: for Loop a *ast.ForStmt, a *ast.RangeStmt or
	// the *ast.CallExpr that calls a function literal for each element; else the
	// *ast.FuncDecl or *ast.FuncLit that is the handler or the benchmark, has the comment, or
	// is in the profile.
	Cause ast.Node

	// Call is nil if Cause encloses the place. Otherwise it is the call of the
	// function of the place that Cause repeats, perhaps by way of other functions.
	Call *ast.CallExpr

	// Marked reports whether the function of the place is marked //heapvet:hot, or a
	// profile names it: what is likely is wanted as well as what is certain.
	Marked bool

	// Depth is the number of loops of the function that repeat the place, 0 if
	// only its callers do.
	Depth int

	// Rare reports whether the place is known to be reached once or seldom, where
	// nothing is known to repeat it.
	Rare bool
}

// rare is a place that is known to be cold.
var rare = Place{Rare: true}

// known turns the verdict about a function or literal into that about a place in it.
func (p Place) known() Place {
	if p.Kind == Cold && p.Cause != nil {
		return rare
	}
	return p
}

// Worth reports whether the place is worth a word.
func (p Place) Worth() bool { return p.Kind != Cold }

// InLoop reports whether a loop of the place's own function repeats it.
func (p Place) InLoop() bool { return p.Kind == Loop && p.Call == nil }

// When says how often, in words that end a sentence.
func (p Place) When() string {
	switch {
	case p.Kind == Loop && p.Call == nil:
		return "on every iteration"
	case p.Kind == Request:
		return "on every request"
	case p.Kind == Message:
		return "on every message"
	case p.Kind == Cold:
		return "once"
	}
	return "on every call"
}

// Related returns what repeats the place, as related information.
func (p Place) Related() []analysis.RelatedInformation {
	if p.Cause == nil {
		return nil
	}
	info := analysis.RelatedInformation{Pos: p.Cause.Pos(), End: headEnd(p.Cause)}
	switch p.Kind {
	case Loop:
		info.Message = "the loop"
	case Request:
		info.Message = "the handler"
	case Message:
		info.Message = "the consumer"
	case Benched:
		info.Message = "the benchmark"
	case Profiled:
		info.Message = "the function that the profile names"
	case Declared:
		info.Message = "the function that is marked hot"
	}
	if p.Call == nil {
		return []analysis.RelatedInformation{info}
	}
	call := analysis.RelatedInformation{Pos: p.Call.Pos(), End: p.Call.End(), Message: "the call that is repeated"}
	return []analysis.RelatedInformation{call, info}
}

// A Report answers for one package. It computes on demand. The checks that share
// it may ask at the same time.
type Report struct {
	pass    *analysis.Pass
	root    inspector.Cursor
	profile Profile

	mu sync.Mutex // for what follows

	cold    map[*ast.File]bool
	command *bool // nil until asked
	index   *funcIndex
}

// At returns how often node n of the package's files is reached.
func (r *Report) At(n ast.Node) Place {
	c, ok := lint.Find(r.root, n)
	if !ok {
		return Place{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at(c, maxCalls)
}

// Small reports whether a loop, a *ast.ForStmt or *ast.RangeStmt, runs a small
// number of times that is written down in the source.
func (r *Report) Small(loop ast.Node) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch n := loop.(type) {
	case *ast.ForStmt:
		return r.smallFor(n)
	case *ast.RangeStmt:
		return r.smallRange(n) || r.shortList(n)
	}
	return false
}

// Once reports whether the function around node n is known to run once or seldom: main,
// init, what only these call, tests and their helpers, and what its author calls cold.
func (r *Report) Once(n ast.Node) bool {
	c, ok := lint.Find(r.root, n)
	if !ok {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.coldFile(c) {
		return true
	}
	for cur := range c.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		decl, ok := cur.Node().(*ast.FuncDecl)
		if !ok {
			if cur.ParentEdgeKind() == edge.CallExpr_Fun {
				continue
			}
			return r.givenOnce(cur)
		}
		fn, ok := r.pass.TypesInfo.Defs[decl.Name].(*types.Func)
		return ok && (directive(decl) == "cold" || r.runsOnce(fn) || takesTestingT(fn.Signature()))
	}
	return true
}

// Serves reports whether functions of this signature handle requests, or fn is a
// method of a service; fn may be nil.
func (r *Report) Serves(sig *types.Signature, fn *types.Func) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.serves(sig, fn) != Cold || fn != nil && r.isService(fn)
}

// coldFile reports whether nothing in the file that encloses c matters:
// it is a test, or nobody wrote it by hand.
func (r *Report) coldFile(c inspector.Cursor) bool {
	for file := range c.Enclosing((*ast.File)(nil)) {
		f := file.Node().(*ast.File)
		cold, ok := r.cold[f]
		if !ok {
			cold = lint.IsTest(r.pass, f.Package) || lint.Generated(f) || lint.FileImports(f, "testing")
			if r.cold == nil {
				r.cold = make(map[*ast.File]bool)
			}
			r.cold[f] = cold
		}
		return cold
	}
	return true
}

func (r *Report) typeOf(e ast.Expr) types.Type { return r.pass.TypesInfo.TypeOf(e) }
