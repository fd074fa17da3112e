package noalloc

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"

	"github.com/heapvet/heapvet/evidence/alloc"
	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// Check describes the check to drivers and documentation.
var Check = lint.Check{
	New:      New,
	Group:    lint.Allocation,
	Stage:    lint.On,
	Since:    "v0.3.0",
	Fix:      lint.NoFix,
	Evidence: lint.Compiler,
	Categories: []lint.Category{
		{Name: allocates, Title: "what is marked noalloc allocates, itself or in what it calls"},
		{Name: unresolved, Title: "what is marked noalloc calls what cannot be followed"},
		{Name: escapes, Title: "a value escapes on a line that says noescape"},
		{Name: notInlined, Title: "a call is not inlined on a line that says inline"},
	},
}

const (
	allocates  = "allocates"
	unresolved = "unresolved"
	escapes    = "escape"
	notInlined = "not-inlined"
)

// New returns a fresh instance.
func New() *analysis.Analyzer {
	c := new(checker)
	a := &analysis.Analyzer{
		Name:      "noalloc",
		Doc:       lint.Doc(doc, "noalloc"),
		URL:       lint.URL("noalloc"),
		Requires:  []*analysis.Analyzer{inspect.Analyzer, escape.Analyzer, alloc.Analyzer, hot.Analyzer},
		FactTypes: []analysis.Fact{new(Contract), new(Sum)},
		Run:       c.run,
	}
	a.Flags.BoolVar(&c.watch, "watch", true, "take changes deep down in what a package imports into account (=false: no function of the module is marked)")
	return lint.New(a)
}

type checker struct{ watch bool }

// A pass is one run of the check.
type pass struct {
	*analysis.Pass
	*marks
	alloc  *alloc.Report
	escape *escape.Report
	hot    *hot.Report

	rare map[string]map[int]bool // lines of the package's own files, by base name
}

func (c *checker) run(p *analysis.Pass) (any, error) {
	if c.watch {
		exportSum(p)
	}
	r := &pass{
		Pass:   p,
		marks:  readMarks(p),
		alloc:  alloc.Of(p),
		escape: escape.Of(p),
		hot:    hot.Of(p),
	}
	for obj, m := range r.objects {
		p.ExportObjectFact(obj, &Contract{Strict: m.strict})
	}
	contracts := r.contracts()
	if len(contracts)+len(r.asserts) == 0 || r.escape.Off() {
		return nil, nil
	}
	for _, k := range contracts {
		r.check(k)
	}
	r.checkAsserts()
	return nil, nil
}

// A contract is one function that must not allocate, and why.
type contract struct {
	name   string   // for messages
	symbol string   // of the compiled function
	decl   ast.Node // *ast.FuncDecl or *ast.FuncLit
	at     ast.Node // where to report what has no place of its own
	strict bool
	why    string // "" if it is marked itself
}

// contracts returns what must not allocate, in the order of the source.
func (r *pass) contracts() (list []contract) {
	promised := r.promised()
	for _, f := range r.Files {
		for _, decl := range f.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || decl.Body == nil {
				continue
			}
			fn, ok := r.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok {
				continue
			}
			k := contract{name: nameOf(decl), symbol: alloc.Symbol(fn), decl: decl, at: decl.Name}
			if m, ok := r.funcs[decl]; ok && !m.assumed {
				k.strict = m.strict
			} else if p, ok := promised[fn]; ok && !m.assumed {
				k.strict, k.why = p.strict, p.why
			} else {
				continue
			}
			list = append(list, k)
		}
	}
	return append(list, r.literals()...)
}

// promised returns the methods and functions that a marked interface method or
// function type obliges.
func (r *pass) promised() map[*types.Func]promise {
	out := make(map[*types.Func]promise)
	methods := r.markedMethods()
	if len(methods) > 0 {
		scope := r.Pkg.Scope()
		for _, name := range scope.Names() {
			tn, ok := scope.Lookup(name).(*types.TypeName)
			if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) {
				continue
			}
			for _, m := range methods {
				iface := m.iface
				ptr := types.NewPointer(tn.Type())
				if !types.Implements(ptr, iface) {
					continue
				}
				obj, _, _ := types.LookupFieldOrMethod(ptr, true, r.Pkg, m.fn.Name())
				if fn, ok := obj.(*types.Func); ok && fn.Pkg() == r.Pkg {
					out[fn.Origin()] = promise{m.strict, fmt.Sprintf("it implements %s, which is marked noalloc", m.name)}
				}
			}
		}
	}
	for _, v := range r.values() {
		if v.fn != nil && v.fn.Pkg() == r.Pkg {
			out[v.fn.Origin()] = promise{v.strict, fmt.Sprintf("it is used as a %s, which is marked noalloc", v.typ)}
		}
	}
	return out
}

type promise struct {
	strict bool
	why    string
}

// literals returns the function literals that a marked function type obliges.
func (r *pass) literals() (list []contract) {
	for _, v := range r.values() {
		if v.lit == nil {
			continue
		}
		symbol := r.alloc.Literal(v.lit)
		list = append(list, contract{name: "the function literal", symbol: symbol, decl: v.lit, at: v.lit.Type,
			strict: v.strict, why: fmt.Sprintf("it is used as a %s, which is marked noalloc", v.typ)})
	}
	return list
}

func nameOf(decl *ast.FuncDecl) string {
	if decl.Recv == nil || len(decl.Recv.List) == 0 {
		return decl.Name.Name
	}
	t := ast.Unparen(decl.Recv.List[0].Type)
	star := ""
	if s, ok := t.(*ast.StarExpr); ok {
		t, star = s.X, "*"
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	recv := types.ExprString(t)
	if star != "" {
		recv = "(*" + recv + ")"
	}
	return recv + "." + decl.Name.Name
}
