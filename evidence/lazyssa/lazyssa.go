// Package lazyssa is a prerequisite analyzer that offers the SSA form of a
// package, built when a check first asks for it. Most packages have nothing
// that a flow check is interested in, and building SSA for them would be the
// largest part of their cost.
package lazyssa

import (
	"go/ast"
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/cfg"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// Analyzer offers [*Program] to the checks that require it.
var Analyzer = &analysis.Analyzer{
	Name:       "lazyssa",
	Doc:        "offer the SSA form of the package, built on first use",
	ResultType: reflect.TypeFor[*Program](),
	Run: func(pass *analysis.Pass) (any, error) {
		p := &Program{pass: pass}
		p.build = sync.OnceValue(p.construct)
		return p, nil
	},
}

// Of returns the program of a pass whose analyzer requires [Analyzer].
func Of(pass *analysis.Pass) *Program {
	return pass.ResultOf[Analyzer].(*Program)
}

// A Program is the SSA form of one package. Its methods may be called
// concurrently.
type Program struct {
	pass  *analysis.Pass
	build func() *SSA
}

// SSA is the package and all functions that its source declares, function
// literals after the function that encloses them, in source order.
type SSA struct {
	Pkg   *ssa.Package
	Funcs []*ssa.Function
}

// Build returns the SSA form. The first call builds it.
func (p *Program) Build() *SSA { return p.build() }

func (p *Program) construct() *SSA {
	prog := ssa.NewProgram(p.pass.Fset, 0)
	prog.SetNoReturn(newNoReturn(p.pass).is)
	for _, imp := range p.pass.Pkg.Imports() {
		prog.CreatePackage(imp, nil, nil, true)
	}
	s := &SSA{Pkg: prog.CreatePackage(p.pass.Pkg, p.pass.Files, p.pass.TypesInfo, false)}
	s.Pkg.Build()

	var add func(*ssa.Function)
	add = func(f *ssa.Function) {
		s.Funcs = append(s.Funcs, f)
		for _, anon := range f.AnonFuncs {
			add(anon)
		}
	}
	for _, file := range p.pass.Files {
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok {
				if fn, ok := p.pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
					if f := prog.FuncValue(fn); f != nil {
						add(f)
					}
				}
			}
		}
	}
	// Literals in package variables belong to the synthetic initializer.
	if init := s.Pkg.Func("init"); init != nil {
		for _, anon := range init.AnonFuncs {
			add(anon)
		}
	}
	return s
}

// noReturn decides which functions never return: those of the standard library
// that are known not to, and the functions of the package that only reach those.
// The facts of x/tools' ctrlflow would need every dependency to be analysed.
type noReturn struct {
	pass  *analysis.Pass
	decls map[*types.Func]*ast.FuncDecl
	memo  map[*types.Func]bool
}

func newNoReturn(pass *analysis.Pass) *noReturn {
	n := &noReturn{pass, make(map[*types.Func]*ast.FuncDecl), make(map[*types.Func]bool)}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok && decl.Body != nil {
				if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
					n.decls[fn] = decl
				}
			}
		}
	}
	return n
}

func (n *noReturn) is(fn *types.Func) bool {
	fn = fn.Origin()
	if v, ok := n.memo[fn]; ok {
		return v
	}
	n.memo[fn] = false // breaks cycles
	v := NeverReturns(fn)
	if decl := n.decls[fn]; decl != nil && !v {
		v = cfg.New(decl.Body, n.mayReturn).NoReturn()
	}
	n.memo[fn] = v
	return v
}

func (n *noReturn) mayReturn(call *ast.CallExpr) bool {
	switch obj := typeutil.Callee(n.pass.TypesInfo, call).(type) {
	case *types.Builtin:
		return obj.Name() != "panic"
	case *types.Func:
		return !n.is(obj)
	}
	return true
}

// NeverReturns reports whether fn is a function outside the package that is
// known never to return to its caller: it ends the process, the goroutine or the test.
func NeverReturns(fn *types.Func) bool {
	return lint.IsFunc(fn, "os", "Exit") ||
		lint.IsFunc(fn, "syscall", "Exit") ||
		lint.IsFunc(fn, "runtime", "Goexit") ||
		lint.IsFunc(fn, "log", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln") ||
		lint.IsMethod(fn, "log", "Logger", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln") ||
		lint.IsMethod(fn, "testing", "common", "Fatal", "Fatalf", "FailNow", "Skip", "Skipf", "SkipNow") ||
		lint.IsMethod(fn, "testing", "TB", "Fatal", "Fatalf", "FailNow", "Skip", "Skipf", "SkipNow") ||
		lint.IsMethod(fn, "go.uber.org/zap", "Logger", "Fatal", "Panic") ||
		lint.IsMethod(fn, "go.uber.org/zap", "SugaredLogger", "Fatal", "Fatalw", "Fatalf", "Fatalln", "Panic", "Panicw", "Panicf", "Panicln") ||
		lint.IsMethod(fn, "github.com/sirupsen/logrus", "Logger", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln", "Exit") ||
		lint.IsFunc(fn, "github.com/sirupsen/logrus", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln", "Exit") ||
		lint.IsFunc(fn, "k8s.io/klog/v2", "Fatal", "Fatalf", "Fatalln", "FatalDepth", "Exit", "Exitf", "Exitln", "ExitDepth")
}
