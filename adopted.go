package heapvet

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/types/typeutil"
	"honnef.co/go/tools/staticcheck/sa1012"
	"honnef.co/go/tools/staticcheck/sa1015"
	"honnef.co/go/tools/staticcheck/sa1029"
	"honnef.co/go/tools/staticcheck/sa2000"
	"honnef.co/go/tools/staticcheck/sa2003"
	"honnef.co/go/tools/staticcheck/sa5003"
	"honnef.co/go/tools/staticcheck/sa5005"
	"honnef.co/go/tools/staticcheck/sa6000"
	"honnef.co/go/tools/staticcheck/sa6001"
	"honnef.co/go/tools/staticcheck/sa6003"
	"honnef.co/go/tools/staticcheck/sa6005"
	"honnef.co/go/tools/staticcheck/sa6006"

	"github.com/heapvet/heapvet/lint"
)

// Adopted lists staticcheck's finished checks of this field, as they are and
// under their own names. Most of them stand on staticcheck's own intermediate
// representation, whose construction costs as much as our SSA; their gates
// keep it away from packages that cannot have a finding.
var Adopted = []lint.Check{
	adopt(without(sa1012.Analyzer, nilIsMeant), lint.Contexts, imports("context")),
	adopt(sa1015.Analyzer, lint.Goroutines, uses("time", "Tick")),
	adopt(sa1029.Analyzer, lint.Contexts, uses("context", "WithValue")),
	adopt(sa2000.Analyzer, lint.Goroutines, imports("sync")),
	adopt(sa2003.Analyzer, lint.Goroutines, defersLock),
	adopt(sa5003.Analyzer, lint.Goroutines, nil),
	adopt(sa5005.Analyzer, lint.Runtime, uses("runtime", "SetFinalizer")),
	adopt(sa6000.Analyzer, lint.Allocation, uses("regexp", "Match", "MatchReader", "MatchString")),
	adopt(sa6001.Analyzer, lint.Allocation, keepsString),
	adopt(sa6003.Analyzer, lint.Allocation, convertsToRunes),
	adopt(sa6005.Analyzer, lint.Allocation, uses("strings", "ToLower", "ToUpper")),
	adopt(sa6006.Analyzer, lint.Allocation, uses("io", "WriteString")),
}

// adopt makes a check of heapvet's suite from an analyzer of staticcheck's.
func adopt(a *analysis.Analyzer, group lint.Group, gate func(*analysis.Pass) bool) lint.Check {
	return lint.Check{
		New: func() *analysis.Analyzer {
			run := a.Run
			if group != lint.Goroutines {
				run = outsideTests(run)
			}
			return lint.New(&analysis.Analyzer{Name: a.Name, Doc: a.Doc, URL: a.URL, Requires: a.Requires, Run: run})
		},
		Group:    group,
		Stage:    lint.On,
		Since:    "v0.1.0",
		Fix:      lint.NoFix,
		Evidence: lint.Flow,
		Origin:   "staticcheck",
		Gate:     gate,
	}
}

// without returns an analyzer that does not report what the function drops.
func without(a *analysis.Analyzer, drop func(*analysis.Pass, analysis.Diagnostic) bool) *analysis.Analyzer {
	b := *a
	b.Run = func(pass *analysis.Pass) (any, error) {
		report := pass.Report
		pass.Report = func(d analysis.Diagnostic) {
			if !drop(pass, d) {
				report(d)
			}
		}
		return a.Run(pass)
	}
	return &b
}

// nilIsMeant reports whether a nil context, which SA1012 has found, is given to a function of
// the package that asks whether there is one, itself or by what it calls with it: there, nil is
// no mistake but a way to say something.
func nilIsMeant(pass *analysis.Pass, d analysis.Diagnostic) bool {
	file := lint.FileOf(pass, d.Pos)
	if file == nil {
		return false
	}
	decls := lint.Declarations(pass)
	var asks func(call *ast.CallExpr, i, depth int) bool
	asks = func(call *ast.CallExpr, i, depth int) (found bool) {
		fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
		if !ok || depth == 0 || i >= fn.Signature().Params().Len() || decls[fn.Origin()] == nil || decls[fn.Origin()].Body == nil {
			return false
		}
		ctx := fn.Origin().Signature().Params().At(i)
		isCtx := func(e ast.Expr) bool {
			id, ok := ast.Unparen(e).(*ast.Ident)
			return ok && pass.TypesInfo.Uses[id] == ctx
		}
		ast.Inspect(decls[fn.Origin()].Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.IfStmt:
				if cmp, ok := ast.Unparen(n.Cond).(*ast.BinaryExpr); ok && cmp.Op == token.EQL && isCtx(cmp.X) && refuses(pass, n.Body) {
					return false // it does not take nil
				}
			case *ast.BinaryExpr:
				found = found || (n.Op == token.EQL || n.Op == token.NEQ) && isCtx(n.X) && pass.TypesInfo.Types[n.Y].IsNil()
			case *ast.CallExpr:
				if j := slices.IndexFunc(n.Args, isCtx); j >= 0 && !found {
					found = asks(n, j, depth-1)
				}
			}
			return !found
		})
		return found
	}
	path, _ := astutil.PathEnclosingInterval(file, d.Pos, d.Pos)
	for _, n := range path {
		if call, ok := n.(*ast.CallExpr); ok {
			i := slices.IndexFunc(call.Args, func(arg ast.Expr) bool { return arg.Pos() <= d.Pos && d.Pos < arg.End() })
			return i >= 0 && asks(call, i, 4)
		}
	}
	return false
}

// refuses reports whether a block ends in a panic, or in the return of an error.
func refuses(pass *analysis.Pass, body *ast.BlockStmt) bool {
	if len(body.List) == 0 {
		return false
	}
	switch last := body.List[len(body.List)-1].(type) {
	case *ast.ExprStmt:
		call, ok := last.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		b, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Builtin)
		return ok && b.Name() == "panic"
	case *ast.ReturnStmt:
		if len(last.Results) == 0 {
			return false
		}
		e := last.Results[len(last.Results)-1]
		return lint.IsError(pass.TypesInfo.TypeOf(e)) && !pass.TypesInfo.Types[e].IsNil()
	}
	return false
}

// outsideTests drops findings in tests: what an allocation or the key of a context
// costs there is nobody's concern.
func outsideTests(run func(*analysis.Pass) (any, error)) func(*analysis.Pass) (any, error) {
	return func(pass *analysis.Pass) (any, error) {
		report := pass.Report
		pass.Report = func(d analysis.Diagnostic) {
			if !lint.IsTest(pass, d.Pos) {
				report(d)
			}
		}
		return run(pass)
	}
}

func imports(path string) func(*analysis.Pass) bool {
	return func(pass *analysis.Pass) bool { return lint.Imports(pass.Pkg, path) }
}

// uses is the gate of checks that look for calls of functions or methods: it asks
// whether the package mentions one of them at all.
func uses(path string, names ...string) func(*analysis.Pass) bool {
	return func(pass *analysis.Pass) bool {
		if !lint.Imports(pass.Pkg, path) {
			return false
		}
		return mentions(pass, path, names...)
	}
}

func mentions(pass *analysis.Pass, path string, names ...string) bool {
	for _, obj := range pass.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		if !ok || fn.Pkg() == nil || fn.Pkg().Path() != path {
			continue
		}
		for _, name := range names {
			if fn.Name() == name {
				return true
			}
		}
	}
	return false
}

// defersLock: SA2003 finds a lock that is deferred where an unlock was meant.
func defersLock(pass *analysis.Pass) bool {
	return hasNode(pass, func(n ast.Node) bool {
		def, ok := n.(*ast.DeferStmt)
		if !ok {
			return false
		}
		sel, ok := def.Call.Fun.(*ast.SelectorExpr)
		return ok && (sel.Sel.Name == "Lock" || sel.Sel.Name == "RLock")
	})
}

// keepsString: SA6001 finds a string made from bytes, kept in a variable, and
// used only to index maps.
func keepsString(pass *analysis.Pass) bool {
	return hasNode(pass, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok {
			return false
		}
		for _, rhs := range assign.Rhs {
			if isConversion(pass, rhs, types.Typ[types.String], types.Typ[types.Byte]) {
				return true
			}
		}
		return false
	})
}

// convertsToRunes: SA6003 finds []rune(s) that is made only to range over it.
func convertsToRunes(pass *analysis.Pass) bool {
	return hasNode(pass, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		return ok && isConversion(pass, e, types.NewSlice(types.Typ[types.Rune]), nil)
	})
}

// isConversion reports whether e converts to type to, from a slice of elem if that is not nil.
func isConversion(pass *analysis.Pass, e ast.Expr, to, elem types.Type) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) != 1 || !pass.TypesInfo.Types[call.Fun].IsType() ||
		!types.Identical(pass.TypesInfo.TypeOf(call), to) {
		return false
	}
	if elem == nil {
		return true
	}
	slice, ok := pass.TypesInfo.TypeOf(call.Args[0]).Underlying().(*types.Slice)
	return ok && types.Identical(slice.Elem(), elem)
}

func hasNode(pass *analysis.Pass, match func(ast.Node) bool) (found bool) {
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			found = found || n != nil && match(n)
			return !found
		})
	}
	return found
}
