package retention

import (
	_ "embed"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

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
		Name:      "retention",
		Doc:       lint.Doc(doc, "retention"),
		URL:       lint.URL("retention"),
		Requires:  []*analysis.Analyzer{lazyssa.Analyzer, hot.Analyzer},
		FactTypes: []analysis.Fact{(*Reads)(nil)},
		Run:       c.run,
	}
	a.Flags.BoolVar(&c.all, lint.FlagAll, false, "report findings of medium confidence too")
	return lint.New(a)
}

// Check is what drivers and documentation need beyond the analyzer itself.
var Check = lint.Check{
	New:      New,
	Group:    lint.Runtime,
	Stage:    lint.Opt,
	Since:    "v0.2.0",
	Fix:      lint.SomeSafe,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: growOnly, Title: "a map, slice or list that requests add to and nothing deletes from"},
		{Name: subslice, Title: "a small piece that is kept holds a large array"},
		{Name: truncated, Title: "pointers behind the end of a slice that was cut short"},
	},
}

const (
	growOnly  = "grow-only"
	subslice  = "subslice"
	truncated = "truncated"
)

type checker struct {
	all bool
}

// finder is one run of the check on one package.
type finder struct {
	*checker
	pass    *analysis.Pass
	funcs   []*ssa.Function // with the initializer of the package, without tests
	paths   *paths
	readAll map[*ssa.Function]bool                  // of the package: they return all of a file or body
	calls   map[*ssa.Function][]ssa.CallInstruction // as callsOf says
	invokes map[string][]ssa.CallInstruction        // of methods of interfaces, by name
	fields  map[*types.Var]*setting
	asked   *growing // whose keys few is about
	fuel    int      // of few
}

func (c *checker) run(pass *analysis.Pass) (any, error) {
	grows, reads := keeps(pass)
	if !grows && !reads {
		return nil, nil
	}
	prog := lazyssa.Of(pass).Build()
	f := &finder{checker: c, pass: pass, readAll: make(map[*ssa.Function]bool)}
	for _, fn := range prog.Funcs {
		if !lint.IsTest(pass, fn.Pos()) {
			f.funcs = append(f.funcs, fn)
		}
	}
	if init := prog.Pkg.Func("init"); init != nil {
		f.funcs = append(f.funcs, init)
	}
	f.readers()
	f.pieces()
	if grows {
		f.paths = f.findPaths(prog.Pkg)
		f.growth()
		f.cuts()
	}
	return nil, nil
}

// keeps reports whether the package has places that last: variables and fields that are
// maps, slices or lists; and whether it reads whole files or bodies.
func keeps(pass *analysis.Pass) (grows, reads bool) {
	for _, obj := range pass.TypesInfo.Defs {
		v, ok := obj.(*types.Var)
		if ok && (v.IsField() || v.Parent() == pass.Pkg.Scope()) && container(v.Type()) {
			grows = true
			break
		}
	}
	for _, obj := range pass.TypesInfo.Uses {
		if isReadAll(obj) || lint.IsMethod(obj, "bytes", "Buffer", "ReadFrom") {
			return grows, true
		}
	}
	return grows, false
}

func isReadAll(obj types.Object) bool {
	return lint.IsFunc(obj, "io", "ReadAll") || lint.IsFunc(obj, "os", "ReadFile") || lint.IsFunc(obj, "io/ioutil", "ReadAll", "ReadFile") ||
		lint.IsFunc(obj, "io/fs", "ReadFile")
}

// container reports whether a value of the type can grow.
func container(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Map, *types.Slice:
		return true
	}
	return isList(t) || lint.IsNamed(lint.Deref(t), "sync", "Map")
}

func isList(t types.Type) bool { return lint.IsNamed(lint.Deref(t), "container/list", "List") }

// placeOf returns the package variable or field that an address is of, or nil.
func placeOf(addr ssa.Value) *types.Var {
	switch x := addr.(type) {
	case *ssa.Global:
		v, _ := x.Object().(*types.Var)
		return v
	case *ssa.FieldAddr:
		return lazyssa.Field(x).Origin()
	}
	return nil
}

// closed reports whether only this package can get at a variable or field.
func (f *finder) closed(v *types.Var) bool {
	return v.Pkg() == f.pass.Pkg && (!v.Exported() || f.pass.Pkg.Name() == "main") && !lint.IsTest(f.pass, v.Pos())
}
