package wastedpool

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/poolflow"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// New returns a fresh instance, so that hosts and tests may set flags independently.
func New() *analysis.Analyzer {
	o := new(options)
	a := lint.New(&analysis.Analyzer{
		Name:      "wastedpool",
		Doc:       lint.Doc(doc, "wastedpool"),
		URL:       lint.URL("wastedpool"),
		Requires:  []*analysis.Analyzer{lazyssa.Analyzer, poolflow.Analyzer},
		FactTypes: []analysis.Fact{(*Boxes)(nil), (*Unguarded)(nil)},
		Run:       o.run,
	})
	a.Flags.BoolVar(&o.all, lint.FlagAll, false, "also report buffers that only data of the program fills, and returns that drop an object put back in one place only")
	return a
}

// Check is what drivers and documentation need beyond the analyzer.
var Check = lint.Check{
	New:      New,
	Group:    lint.Pools,
	Stage:    lint.On,
	Since:    "v0.1.0",
	Fix:      lint.SomeSafe,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: value, Title: "the object is copied to the heap on every Put, for it is no pointer"},
		{Name: addrOfCopy, Title: "the address of a copy is put back, which allocates the copy"},
		{Name: unbounded, Title: "a buffer that input has grown is kept whatever its capacity"},
		{Name: perCall, Title: "a pool that is made anew for each call, and so is always empty"},
		{Name: newMismatch, Title: "Get, Put and New do not agree on the type, or New is passed over"},
		{Name: neverPut, Title: "objects are taken and never put back"},
		{Name: missedPut, Title: "an object is dropped where it could be put back"},
		{Name: resource, Title: "files or connections, which a pool drops without closing them"},
		{Name: deferInLoop, Title: "Put is deferred in a loop, to the end of the function"},
	},
}

const (
	value       = "value"
	addrOfCopy  = "addr-of-copy"
	unbounded   = "unbounded"
	perCall     = "per-call"
	newMismatch = "new-mismatch"
	neverPut    = "never-put"
	missedPut   = "missed-put"
	resource    = "resource"
	deferInLoop = "defer-in-loop"
)

type options struct{ all bool }

func (o *options) run(pass *analysis.Pass) (any, error) {
	c := &checker{Pass: pass, all: o.all}
	if !c.concerned() {
		return nil, nil
	}
	c.prog = lazyssa.Of(pass).Build()
	c.flow = poolflow.Of(pass)
	c.collect()
	c.values()
	c.mismatches()
	c.copies()
	c.locals()
	c.lost()
	c.resources()
	c.loops()
	c.growth()
	c.flush()
	return nil, nil
}

// checker is the state of one run.
type checker struct {
	*analysis.Pass
	all   bool
	prog  *lazyssa.SSA
	flow  *poolflow.Flow
	funcs []*ssa.Function // those of the source, and the initializer of the package's variables

	pools   []*pool
	byNode  map[any]*pool
	callers map[*ssa.Function][]ssa.CallInstruction
	found   []analysis.Diagnostic
}

// concerned reports whether the package uses a pool, or a function or type that wraps one.
func (c *checker) concerned() bool {
	for _, obj := range c.TypesInfo.Uses {
		if tn, ok := obj.(*types.TypeName); ok && tn.Name() == "Pool" && tn.Pkg() != nil && tn.Pkg().Path() == "sync" ||
			lint.IsMethod(obj, "sync", "Pool", "Get", "Put") || c.boxes(obj) != nil {
			return true
		}
		if fn, ok := obj.(*types.Func); ok && fn.Pkg() != nil && fn.Pkg() != c.Pkg && c.ImportObjectFact(fn.Origin(), new(poolflow.Wrapper)) {
			return true
		}
	}
	return false
}

// report notes a finding, unless it is in a test: what a pool is worth there is nobody's concern.
func (c *checker) report(d analysis.Diagnostic) {
	if d.Pos.IsValid() && !lint.IsTest(c.Pass, d.Pos) {
		c.found = append(c.found, d)
	}
}

// flush reports the findings in the order of the source, one at each place; the copy
// takes no other's place.
func (c *checker) flush() {
	slices.SortStableFunc(c.found, func(a, b analysis.Diagnostic) int { return int(a.Pos - b.Pos) })
	for i, d := range c.found {
		if i == 0 || c.found[i-1].Pos != d.Pos || c.found[i-1].Category == addrOfCopy {
			c.Report(d)
		}
	}
}

// nodeAt returns the innermost node of type N in the package's files that is accepted and
// contains pos, nil if there is none.
func nodeAt[N ast.Node](c *checker, pos token.Pos, accept func(N) bool) (found N) {
	file := lint.FileOf(c.Pass, pos)
	if file == nil {
		return found
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || n.End() < pos {
			return false
		}
		if n, ok := n.(N); ok && accept(n) {
			found = n
		}
		return true
	})
	return found
}

// callAt returns the call whose opening parenthesis is at pos, or nil.
func (c *checker) callAt(pos token.Pos) *ast.CallExpr {
	return nodeAt(c, pos, func(call *ast.CallExpr) bool { return call.Lparen == pos })
}

// span returns the range of a call, that of its parenthesis if the source has none such.
func (c *checker) span(call ssa.CallInstruction) (from, to token.Pos) {
	pos := call.Common().Pos()
	if expr := c.callAt(pos); expr != nil {
		return expr.Pos(), expr.End()
	}
	return pos, pos
}

func (c *checker) related(call ssa.CallInstruction, message string) analysis.RelatedInformation {
	from, to := c.span(call)
	return analysis.RelatedInformation{Pos: from, End: to, Message: message}
}

func (c *checker) typeName(t types.Type) string {
	return types.TypeString(t, types.RelativeTo(c.Pkg))
}
