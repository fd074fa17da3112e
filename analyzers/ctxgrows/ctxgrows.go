package ctxgrows

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// The categories of findings.
const (
	inLoop      = "loop"
	inRecursion = "recursion"
	inField     = "field"
	inPackage   = "package-var"
	ownParent   = "own-parent"
	captured    = "captured"
	wrapped     = "wrapped"
)

// Analyzer is the check with default options.
var Analyzer = New()

// Check describes the check to drivers and documentation.
var Check = lint.Check{
	New:      New,
	Group:    lint.Contexts,
	Stage:    lint.On,
	Since:    "v0.1.0",
	Fix:      lint.SomeSafe,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: inLoop, Title: "context that a loop makes longer in every iteration"},
		{Name: inRecursion, Title: "context that a function makes longer for the next call of itself"},
		{Name: inField, Title: "context in a field that every call makes longer"},
		{Name: inPackage, Title: "context in a package variable that every call makes longer"},
		{Name: captured, Title: "captured context that every call of a function literal makes longer"},
		{Name: wrapped, Title: "captured handler, file system or the like that every request wraps once more"},
		{Name: ownParent, Title: "context that becomes its own parent: a lookup never ends"},
	},
}

type checker struct {
	all bool
}

// New returns a fresh instance of the check.
func New() *analysis.Analyzer {
	c := &checker{}
	a := &analysis.Analyzer{
		Name:      "ctxgrows",
		Doc:       lint.Doc(doc, "ctxgrows"),
		URL:       lint.URL("ctxgrows"),
		Requires:  []*analysis.Analyzer{inspect.Analyzer, lazyssa.Analyzer, hot.Analyzer},
		FactTypes: []analysis.Fact{new(summary)},
		Run:       c.run,
	}
	a.Flags.BoolVar(&c.all, lint.FlagAll, false, "also report what may be called once only, and findings in tests")
	return lint.New(a)
}

// A run is the check of one package.
type run struct {
	*analysis.Pass
	all bool
	hot *hot.Report

	facts     map[*types.Func]*summary // of functions of other packages; nil for none
	summaries map[*ssa.Function][]relation
	offers    map[offer][]relation
	written   map[*ssa.Function]map[types.Object]bool
	places    map[ssa.Value]place
	loops     map[*ssa.Function][]*loop
	callers   map[*ssa.Function][]ssa.CallInstruction
	funcs     []*ssa.Function
	effects   []*effect
	reported  map[token.Pos]bool
}

func (c *checker) run(pass *analysis.Pass) (any, error) {
	r := &run{
		Pass: pass, all: c.all, hot: hot.Of(pass),
		facts:     make(map[*types.Func]*summary),
		summaries: make(map[*ssa.Function][]relation),
		offers:    make(map[offer][]relation),
		written:   make(map[*ssa.Function]map[types.Object]bool),
		places:    make(map[ssa.Value]place),
		loops:     make(map[*ssa.Function][]*loop),
		reported:  make(map[token.Pos]bool),
	}
	r.checkWrapped()
	if !r.concerned() {
		return nil, nil
	}
	r.funcs = lazyssa.Of(pass).Build().Funcs
	for _, fn := range r.funcs {
		r.checkLoops(fn)
	}
	r.checkState()
	r.checkRecursion()
	r.export()
	return nil, nil
}

// concerned reports whether the package makes contexts longer at all, and does with
// them what makes them grow or what importers must know. All else needs no SSA.
func (r *run) concerned() bool {
	if !lint.Imports(r.Pkg, "context") && !slices.ContainsFunc(r.Pkg.Imports(), func(p *types.Package) bool { return lint.Imports(p, "context") }) {
		return false
	}
	links, keeps := false, false
	calls := make(map[*types.Func][]*types.Func)
	for _, file := range r.Files {
		for _, decl := range file.Decls {
			var fn *types.Func
			if decl, ok := decl.(*ast.FuncDecl); ok {
				if fn, ok = r.TypesInfo.Defs[decl.Name].(*types.Func); !ok {
					continue
				}
				for v := range fn.Signature().Results().Variables() {
					keeps = keeps || carries(v.Type())
				}
			}
			ast.Inspect(decl, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					callee, _ := typeutil.Callee(r.TypesInfo, n).(*types.Func)
					switch {
					case callee == nil:
					case callee.Pkg() == r.Pkg:
						calls[fn] = append(calls[fn], callee.Origin())
					default:
						longer, grows := r.lengthens(callee.Origin())
						links = links || longer
						keeps = keeps || grows
					}
				case *ast.CompositeLit:
					t := r.TypesInfo.TypeOf(n)
					links = links || isOwn(t) || isOwn(types.NewPointer(t))
				case *ast.AssignStmt:
					if n.Tok == token.ASSIGN {
						for _, lhs := range n.Lhs {
							keeps = keeps || carries(r.TypesInfo.TypeOf(lhs))
						}
					}
				}
				return true
			})
		}
	}
	return links && (keeps || recursive(calls))
}

// lengthens reports whether the function of another package makes a context
// longer, and whether one that it keeps grows.
func (r *run) lengthens(fn *types.Func) (longer, grows bool) {
	rels := model(fn)
	if rels == nil {
		f := r.imported(fn)
		if f == nil {
			return false, false
		}
		rels, grows = f.Relations, len(f.Grows) > 0
	}
	for _, rel := range rels {
		longer = longer || rel.Link
	}
	return longer || grows, grows
}

// recursive reports whether a function can call itself.
func recursive(calls map[*types.Func][]*types.Func) bool {
	const active, done = 1, 2
	state := make(map[*types.Func]int)
	var visit func(fn *types.Func) bool
	visit = func(fn *types.Func) bool {
		state[fn] = active
		for _, callee := range calls[fn] {
			if state[callee] == active || state[callee] == 0 && visit(callee) {
				return true
			}
		}
		state[fn] = done
		return false
	}
	for fn := range calls {
		if state[fn] == 0 && visit(fn) {
			return true
		}
	}
	return false
}
