package initwork

import (
	"cmp"
	_ "embed"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

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
		Name:      "initwork",
		Doc:       lint.Doc(doc, "initwork"),
		URL:       lint.URL("initwork"),
		FactTypes: []analysis.Fact{(*Work)(nil)},
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
	Since:    "v0.3.0",
	Fix:      lint.NoFix,
	Evidence: lint.Types,
	Categories: []lint.Category{
		{Name: names[network], Title: "the network is used before main begins"},
		{Name: names[exec], Title: "a process is run before main begins"},
		{Name: names[sleep], Title: "the program sleeps before main begins"},
		{Name: names[compute], Title: "much is computed before main begins"},
		{Name: names[file], Title: "files are read or written before main begins"},
		{Name: names[goroutine], Title: "a goroutine is started before main begins"},
	},
}

type checker struct {
	all bool
}

// A Work fact tells what a function does on every call that takes long.
type Work struct {
	Kinds Kinds
	Via   string // the function that does the most costly of it, such as net.Dial
	Nanos int64  // an estimate of what it computes
}

func (*Work) AFact() {}

func (w *Work) String() string { return "work: " + w.Kinds.String() + " by " + w.Via }

// Kinds is a set of kinds of work.
type Kinds uint8

// The kinds of work, the most costly first.
const (
	network = iota
	exec
	sleep
	compute
	file
	goroutine
	numKinds
)

var names = [numKinds]string{"network", "exec", "sleep", "compute", "file", "goroutine"}

// worst returns the most costly kind of the set, which is not empty.
func (k Kinds) worst() int {
	for i := range numKinds {
		if k&(1<<i) != 0 {
			return i
		}
	}
	return numKinds - 1
}

func (k Kinds) String() string {
	var list []string
	for i, name := range names {
		if k&(1<<i) != 0 {
			list = append(list, name)
		}
	}
	return strings.Join(list, ", ")
}

// finder is one run of the check on one package.
type finder struct {
	*checker
	pass  *analysis.Pass
	decls map[*types.Func]*ast.FuncDecl
	memo  map[*types.Func]*summary
	vars  map[*types.Var]ast.Expr // what variables are declared with
}

func (c *checker) run(pass *analysis.Pass) (any, error) {
	if pass.Pkg.Path() == "runtime" {
		return nil, nil // part of every program
	}
	f := &finder{
		checker: c,
		pass:    pass,
		decls:   make(map[*types.Func]*ast.FuncDecl),
		memo:    make(map[*types.Func]*summary),
	}
	for _, file := range pass.Files {
		if f.cold(file) {
			continue
		}
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok && decl.Body != nil {
				if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
					f.decls[fn] = decl
				}
			}
		}
	}
	for _, file := range pass.Files {
		if f.cold(file) {
			continue
		}
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				f.export(decl)
				if decl.Name.Name == "init" && decl.Recv == nil && decl.Body != nil {
					f.initializer("init", decl.Body)
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if spec, ok := spec.(*ast.ValueSpec); ok {
						f.variables(spec)
					}
				}
			}
		}
	}
	return nil, nil
}

// cold reports whether nobody but tests runs what is in the file.
func (f *finder) cold(file *ast.File) bool {
	return lint.IsTest(f.pass, file.Package) || lint.FileImports(file, "testing")
}

// export hands on what importers of the package may call.
func (f *finder) export(decl *ast.FuncDecl) {
	fn, ok := f.pass.TypesInfo.Defs[decl.Name].(*types.Func)
	if !ok || !fn.Exported() || decl.Body == nil || f.pass.Pkg.Name() == "main" {
		return
	}
	if s := f.summary(fn); s.kinds != 0 || s.nanos >= worthFact {
		f.pass.ExportObjectFact(fn, &Work{s.kinds, s.via(s.kinds), s.nanos})
	}
}

// variables judges the initial values of package variables.
func (f *finder) variables(spec *ast.ValueSpec) {
	for i, value := range spec.Values {
		name := spec.Names[min(i, len(spec.Names)-1)].Name
		f.initializer(name, value)
	}
}

// initializer reports the work of an init function, or of the value of a variable: one
// finding for each call that leads to some.
func (f *finder) initializer(name string, body ast.Node) {
	w := &walker{finder: f, sum: new(summary)}
	w.node(body)
	found := w.sum.found
	slices.SortStableFunc(found, func(a, b work) int { return cmp.Compare(a.kind, b.kind) })
	reported := make(map[ast.Node]bool)
	for _, x := range found {
		if reported[x.at] || x.maybe && !f.all {
			continue
		}
		reported[x.at] = true
		f.report(name, x)
	}
	if w.sum.nanos >= long && !slices.ContainsFunc(found, func(x work) bool { return x.kind == compute }) {
		at := w.sum.dearest
		if at == nil {
			at = body
		}
		f.report(name, work{kind: compute, at: at, via: []string{""}})
	}
}
