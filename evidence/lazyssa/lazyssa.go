// Package lazyssa is a prerequisite analyzer that offers the SSA form of a
// package and the control flow of its functions, built when a check first asks
// for them. Most packages have nothing that a flow check is interested in, and
// building SSA for them would be the largest part of their cost.
package lazyssa

import (
	"go/ast"
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// Analyzer offers [*Program] to the checks that require it.
var Analyzer = &analysis.Analyzer{
	Name:       "lazyssa",
	Doc:        "offer the SSA form of the package, built on first use",
	ResultType: reflect.TypeFor[*Program](),
	Run: func(pass *analysis.Pass) (any, error) {
		p := &Program{pass: pass, flow: flow{noReturn: noReturn{pass: pass}}}
		p.build = sync.OnceValue(p.construct)
		return p, nil
	},
}

// Of returns the program of a pass whose analyzer requires [Analyzer].
func Of(pass *analysis.Pass) *Program {
	return pass.ResultOf[Analyzer].(*Program)
}

// A Program is the SSA form of one package, and what is known of its control
// flow without that. Its methods may be called concurrently.
type Program struct {
	pass  *analysis.Pass
	build func() *SSA
	flow  flow
}

// SSA is the package and all functions that its source declares, function
// literals after the function that encloses them, in source order.
type SSA struct {
	Pkg   *ssa.Package
	Funcs []*ssa.Function

	fields func() map[*types.Var][]*ssa.FieldAddr // found when first asked for
}

// Build returns the SSA form. The first call builds it.
func (p *Program) Build() *SSA { return p.build() }

func (p *Program) construct() *SSA {
	prog := ssa.NewProgram(p.pass.Fset, 0)
	prog.SetNoReturn(p.flow.neverReturns)
	for _, imp := range p.pass.Pkg.Imports() {
		prog.CreatePackage(imp, nil, nil, true)
	}
	s := &SSA{Pkg: prog.CreatePackage(p.pass.Pkg, p.pass.Files, p.pass.TypesInfo, false)}
	s.fields = sync.OnceValue(s.findFields)
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
