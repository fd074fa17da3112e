package badcap

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// The categories of findings.
const (
	catNegative  = "negative"
	catUntrusted = "untrusted"
	catWasted    = "wasted"
	catLength    = "len-not-cap"
	catGuess     = "guess-too-small"
)

// Analyzer is the check with default options.
var Analyzer = New()

// Check describes the check to drivers and documentation.
var Check = lint.Check{
	New:      New,
	Group:    lint.Capacity,
	Stage:    lint.On,
	Since:    "v0.1.0",
	Fix:      lint.SomeSafe,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: catNegative, Title: "a size that can be negative: make and Grow panic"},
		{Name: catUntrusted, Title: "a size that input chooses, without an upper bound"},
		{Name: catWasted, Title: "room for elements that are rarely or never added"},
		{Name: catLength, Title: "append to a slice that was made with a length: zeros in front"},
		{Name: catGuess, Title: "a guessed capacity that costs an allocation and is outgrown"},
	},
}

type checker struct {
	all bool
}

// New returns a fresh instance of the check.
func New() *analysis.Analyzer {
	c := &checker{}
	a := &analysis.Analyzer{
		Name:      "badcap",
		Doc:       lint.Doc(doc, "badcap"),
		URL:       lint.URL("badcap"),
		Requires:  []*analysis.Analyzer{inspect.Analyzer, lazyssa.Analyzer, escape.Analyzer},
		FactTypes: []analysis.Fact{new(sizes)},
		Run:       c.run,
	}
	a.Flags.BoolVar(&c.all, lint.FlagAll, false, "also report findings of medium confidence, and those in tests")
	return lint.New(a)
}

// A run is the check of one package.
type run struct {
	*analysis.Pass
	all   bool
	root  inspector.Cursor
	sites map[token.Pos]*site // by the left parenthesis of the call

	inFields    []*slice             // made with a length for a field
	differences map[*types.Func]bool // functions that do nothing but subtract; made by isDifference
}

// A site is one call that makes room for a number of elements.
type site struct {
	cur    inspector.Cursor
	call   *ast.CallExpr
	what   string   // make, slices.Grow, ...
	size   ast.Expr // the number that is in question
	length bool     // it is the length, not only room to grow
	hint   bool     // of a map: a negative number is no mistake
	elem   int64    // bytes of one element; 0 if unknown
}

func (c *checker) run(pass *analysis.Pass) (any, error) {
	r := &run{
		Pass:  pass,
		all:   c.all,
		root:  pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root(),
		sites: make(map[token.Pos]*site),
	}
	for cur := range r.root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		r.sized(cur, call)
		if r.isMakeSlice(call) && (r.all || !lint.IsTest(pass, call.Pos())) {
			r.made(cur, call)
		}
	}
	r.zerosInFields()
	r.numbers()
	return nil, nil
}

// sized notes the call if it makes room for a number that is not constant.
func (r *run) sized(cur inspector.Cursor, call *ast.CallExpr) {
	s := &site{cur: cur, call: call, what: "make"}
	if r.isBuiltin(call.Fun, "make") && len(call.Args) > 1 {
		s.size = call.Args[len(call.Args)-1]
		s.length = len(call.Args) == 2
		switch t := coreOf(r.TypesInfo.TypeOf(call)).(type) {
		case *types.Slice:
			s.elem = r.sizeof(t.Elem())
		case *types.Map:
			s.hint, s.length = true, false
			s.elem = r.sizeof(t.Key()) + r.sizeof(t.Elem())
		case *types.Chan:
			s.elem = r.sizeof(t.Elem())
		default:
			return
		}
	} else {
		fn, ok := typeutil.Callee(r.TypesInfo, call).(*types.Func)
		if !ok {
			return
		}
		switch {
		case lint.IsFunc(fn, "slices", "Grow") && len(call.Args) == 2:
			s.what, s.size = "slices.Grow", call.Args[1]
			if t, ok := coreOf(r.TypesInfo.TypeOf(call.Args[0])).(*types.Slice); ok {
				s.elem = r.sizeof(t.Elem())
			}
		case len(call.Args) == 1 && (lint.IsMethod(fn, "bytes", "Buffer", "Grow") || lint.IsMethod(fn, "strings", "Builder", "Grow")):
			s.what, s.size, s.elem = "Grow", call.Args[0], 1
		case len(call.Args) == 2 && (lint.IsFunc(fn, "strings", "Repeat") || lint.IsFunc(fn, "bytes", "Repeat")):
			s.what, s.size, s.length, s.elem = fn.Pkg().Name()+".Repeat", call.Args[1], true, 1
		default:
			if !r.reserves(s, fn) {
				return
			}
		}
	}
	if tv := r.TypesInfo.Types[s.size]; tv.Type == nil || tv.Value != nil {
		return
	}
	r.sites[call.Lparen] = s
}

// reserves reports whether the call hands a number to a function of another
// package that makes room for so many elements.
func (r *run) reserves(s *site, fn *types.Func) bool {
	var fact sizes
	if fn.Pkg() == nil || fn.Pkg() == r.Pkg || !r.ImportObjectFact(fn.Origin(), &fact) {
		return false
	}
	for _, i := range fact.Params {
		if i < len(s.call.Args) && r.TypesInfo.Types[s.call.Args[i]].Value == nil {
			s.what, s.size, s.length = fn.Pkg().Name()+"."+fn.Name(), s.call.Args[i], true
			return true
		}
	}
	return false
}

func (r *run) isBuiltin(fun ast.Expr, name string) bool {
	id, ok := ast.Unparen(fun).(*ast.Ident)
	if !ok {
		return false
	}
	b, ok := r.TypesInfo.Uses[id].(*types.Builtin)
	return ok && b.Name() == name
}

func (r *run) isMakeSlice(call *ast.CallExpr) bool {
	if !r.isBuiltin(call.Fun, "make") || len(call.Args) < 2 {
		return false
	}
	_, ok := coreOf(r.TypesInfo.TypeOf(call)).(*types.Slice)
	return ok
}

// sizeof returns the size of a type, 0 if that depends on a type argument.
func (r *run) sizeof(t types.Type) int64 {
	if lint.SizeVaries(t) {
		return 0
	}
	return r.TypesSizes.Sizeof(t)
}

// coreOf returns the underlying type of t, of a type parameter that of its
// single term.
func coreOf(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	u := t.Underlying()
	if i, ok := u.(*types.Interface); ok && i.NumEmbeddeds() == 1 {
		switch e := i.EmbeddedType(0).(type) {
		case *types.Union:
			if e.Len() == 1 {
				return e.Term(0).Type().Underlying()
			}
		default:
			if _, ok := e.Underlying().(*types.Interface); !ok {
				return e.Underlying()
			}
		}
	}
	return u
}

// silent reports whether findings at pos are not wanted: in tests, and in the
// files that help them.
func (r *run) silent(pos token.Pos) bool {
	if r.all {
		return false
	}
	if lint.IsTest(r.Pass, pos) {
		return true
	}
	file := lint.FileOf(r.Pass, pos)
	return file == nil || lint.FileImports(file, "testing")
}
