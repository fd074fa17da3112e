package gcmisuse

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// New returns a fresh instance, so that hosts and tests may set flags independently.
func New() *analysis.Analyzer {
	c := new(checker)
	a := &analysis.Analyzer{
		Name:     "gcmisuse",
		Doc:      lint.Doc(doc, "gcmisuse"),
		URL:      lint.URL("gcmisuse"),
		Requires: []*analysis.Analyzer{inspect.Analyzer, hot.Analyzer, lazyssa.Analyzer},
		Run:      c.run,
	}
	a.Flags.BoolVar(&c.all, lint.FlagAll, false, "report findings of medium confidence too")
	return lint.New(a)
}

// Check is what drivers and documentation need beyond the analyzer itself.
var Check = lint.Check{
	New:      New,
	Group:    lint.Runtime,
	Stage:    lint.On,
	Since:    "v0.3.0",
	Fix:      lint.NoFix,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: forcedGC, Title: "runtime.GC per request, item or tick"},
		{Name: freeOSMemory, Title: "debug.FreeOSMemory per request, item or tick"},
		{Name: gcOff, Title: "the collector is switched off, and no memory limit is set"},
		{Name: gcThrash, Title: "the settings of the collector change with each request or item"},
		{Name: memstats, Title: "runtime.ReadMemStats stops the world per request, item or tick"},
		{Name: panicOnFault, Title: "debug.SetPanicOnFault where it protects only the main goroutine"},
		{Name: finalizerCaptures, Title: "a finalizer or cleanup that holds its own object never runs"},
		{Name: finalizerHot, Title: "a finalizer or cleanup for each object of a loop or request"},
	},
}

const (
	forcedGC          = "forced-gc"
	freeOSMemory      = "free-os-memory"
	gcOff             = "gc-off"
	gcThrash          = "gc-thrash"
	memstats          = "memstats"
	panicOnFault      = "panic-on-fault"
	finalizerCaptures = "finalizer-captures"
	finalizerHot      = "finalizer-hot"
)

type checker struct {
	all bool
}

// finder is one run of the check on one package.
type finder struct {
	*checker
	pass *analysis.Pass
	root inspector.Cursor
	hot  *hot.Report

	calls   []call                             // of functions that this check knows
	callers map[*types.Func][]inspector.Cursor // calls of the package's own functions
	uses    map[types.Object][]inspector.Cursor
}

// A call is one of a function of runtime or runtime/debug.
type call struct {
	name string // with the last element of its package
	at   inspector.Cursor
	*ast.CallExpr
}

// known are the functions that this check is about, and those that tell why they are called.
var known = map[string][]string{
	"runtime":         {"GC", "ReadMemStats", "SetFinalizer", "AddCleanup", "KeepAlive", "Gosched", "NumGoroutine"},
	"runtime/debug":   {"FreeOSMemory", "SetGCPercent", "SetMemoryLimit", "SetPanicOnFault", "ReadGCStats", "WriteHeapDump"},
	"runtime/pprof":   {"WriteHeapProfile", "Lookup"},
	"runtime/metrics": {"Read"},
}

func (c *checker) run(pass *analysis.Pass) (any, error) {
	switch pass.Pkg.Path() {
	case "runtime", "testing": // the collector itself, and who measures it
		return nil, nil
	}
	if !lint.Imports(pass.Pkg, "runtime", "runtime/debug") {
		return nil, nil
	}
	f := &finder{
		checker: c,
		pass:    pass,
		root:    pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root(),
		hot:     hot.Of(pass),
	}
	if !f.collect() {
		return nil, nil
	}
	var finalizers []call
	for _, call := range f.calls {
		if lint.IsTest(pass, call.Pos()) || lint.FileImports(lint.FileOf(pass, call.Pos()), "testing") {
			continue
		}
		switch call.name {
		case "runtime.GC":
			f.repeated(call, forcedGC)
		case "debug.FreeOSMemory":
			f.repeated(call, freeOSMemory)
		case "runtime.ReadMemStats":
			f.repeated(call, memstats)
		case "debug.SetGCPercent":
			f.switchedOff(call)
			f.thrash(call)
		case "debug.SetMemoryLimit":
			f.thrash(call)
		case "debug.SetPanicOnFault":
			f.fault(call)
		case "runtime.SetFinalizer", "runtime.AddCleanup":
			finalizers = append(finalizers, call)
		}
	}
	if finalizers != nil {
		f.finalizers(finalizers)
	}
	return nil, nil
}

// collect finds the calls of known functions. It reports whether there are any, and
// only then who calls whom.
func (f *finder) collect() bool {
	info := f.pass.TypesInfo
	found := false
	for _, obj := range info.Uses {
		if fn, ok := obj.(*types.Func); ok && fn.Pkg() != nil && isKnown(fn) {
			found = true
			break
		}
	}
	if !found {
		return false
	}
	f.callers = make(map[*types.Func][]inspector.Cursor)
	f.uses = make(map[types.Object][]inspector.Cursor)
	for cur := range f.root.Preorder((*ast.CallExpr)(nil), (*ast.Ident)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.Ident:
			if obj := info.Uses[n]; obj != nil && obj.Pkg() == f.pass.Pkg {
				f.uses[obj] = append(f.uses[obj], cur)
			}
		case *ast.CallExpr:
			fn, _ := typeutil.Callee(info, n).(*types.Func)
			switch {
			case fn == nil || fn.Pkg() == nil:
			case fn.Pkg() == f.pass.Pkg:
				f.callers[fn.Origin()] = append(f.callers[fn.Origin()], cur)
			case isKnown(fn):
				f.calls = append(f.calls, call{fn.Pkg().Name() + "." + fn.Name(), cur, n})
			}
		}
	}
	return len(f.calls) > 0
}

func isKnown(fn *types.Func) bool {
	names := known[fn.Pkg().Path()]
	return len(names) > 0 && lint.IsFunc(fn, fn.Pkg().Path(), names...)
}

// calling returns how often the function fn, without the literals in it, calls one of the
// named functions.
func (f *finder) calling(fn ast.Node, names ...string) (n int) {
	for _, c := range f.calls {
		if slices.Contains(names, c.name) && innermost(c.at) == fn {
			n++
		}
	}
	return n
}

// innermost returns the function or literal around the cursor; a literal that is a goroutine
// or called on the spot is part of what is around it.
func innermost(at inspector.Cursor) ast.Node {
	for fn := range at.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		if fn.ParentEdgeKind() != edge.CallExpr_Fun {
			return fn.Node()
		}
	}
	return nil
}

// outermost returns the declaration around the cursor.
func outermost(at inspector.Cursor) ast.Node {
	for decl := range at.Enclosing((*ast.FuncDecl)(nil), (*ast.GenDecl)(nil)) {
		if _, ok := decl.Parent().Node().(*ast.File); ok {
			return decl.Node()
		}
	}
	return at.Node()
}

func (f *finder) report(n ast.Node, category, message string, related ...analysis.RelatedInformation) {
	f.pass.Report(analysis.Diagnostic{Pos: n.Pos(), End: n.End(), Category: category, Message: message, Related: related})
}

// constant returns the value of an integer expression, or of a local variable that is
// assigned once.
func (f *finder) constant(e ast.Expr) (int64, bool) {
	if v, ok := lint.Int(f.pass.TypesInfo, e); ok {
		return v, true
	}
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return 0, false
	}
	rhs := f.assigned(f.pass.TypesInfo.Uses[id])
	if rhs == nil {
		return 0, false
	}
	return lint.Int(f.pass.TypesInfo, rhs)
}

// assigned returns what a variable of the package is set to where it is declared, if it is set
// nowhere else; else nil.
func (f *finder) assigned(obj types.Object) (rhs ast.Expr) {
	v, ok := obj.(*types.Var)
	if !ok || v.IsField() {
		return nil
	}
	for _, use := range f.uses[v] {
		if isWrite(use) {
			return nil
		}
	}
	file := lint.FileOf(f.pass, v.Pos())
	if file == nil {
		return nil
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || v.Pos() < n.Pos() || n.End() <= v.Pos() {
			return false
		}
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if lhs.Pos() == v.Pos() && n.Tok == token.DEFINE && len(n.Lhs) == len(n.Rhs) {
					rhs = n.Rhs[i]
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if name.Pos() == v.Pos() && len(n.Names) == len(n.Values) {
					rhs = n.Values[i]
				}
			}
		}
		return true
	})
	return rhs
}

// isWrite reports whether the identifier at the cursor is assigned to, or its address taken.
func isWrite(c inspector.Cursor) bool {
	switch p := c.Parent().Node().(type) {
	case *ast.AssignStmt:
		return c.Node().Pos() < p.TokPos
	case *ast.IncDecStmt:
		return true
	case *ast.UnaryExpr:
		return p.Op == token.AND
	case *ast.RangeStmt:
		return p.Key == c.Node() || p.Value == c.Node()
	}
	return false
}
