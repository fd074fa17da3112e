package ctxlost

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/heapvet/heapvet/lint"
)

// fresh is the fact of a function that is given no context and returns one made of
// context.Background or context.TODO.
type fresh struct{}

func (*fresh) AFact() {}

func (*fresh) String() string { return "makes a root context" }

// exportFresh states the facts of the package.
func (r *run) exportFresh() {
	for _, file := range r.Files {
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok && decl.Name.IsExported() && !r.inTest(decl) {
				if fn, ok := r.TypesInfo.Defs[decl.Name].(*types.Func); ok && r.isFresh(fn) {
					r.ExportObjectFact(fn, new(fresh))
				}
			}
		}
	}
}

// makesRoot reports whether a call is of a function that makes a context out of nothing.
func (r *run) makesRoot(call *ast.CallExpr) bool {
	fn := r.callee(call)
	return fn != nil && r.isFresh(fn.Origin())
}

func (r *run) isFresh(fn *types.Func) bool {
	results := fn.Signature().Results()
	if results.Len() == 0 || !isContext(results.At(0).Type()) || fn.Pkg() == nil || fn.Pkg().Path() == "context" {
		return false
	}
	is, known := r.fresh[fn]
	if known {
		return is
	}
	r.fresh[fn] = false // breaks cycles
	if fn.Pkg() != r.Pkg {
		r.fresh[fn] = r.ImportObjectFact(fn, new(fresh))
		return r.fresh[fn]
	}
	c, ok := r.declOf(fn)
	if !ok {
		return false
	}
	decl := c.Node().(*ast.FuncDecl)
	r.fresh[fn] = !onPurpose(fn.Name()) && !givesReason(decl.Doc.Text()) && !r.givenContext(decl, fn) && r.returnsRoot(decl)
	return r.fresh[fn]
}

// onPurpose reports whether a function says by its name that its context is one of its own.
func onPurpose(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"detach", "background", "async", "bg", "independ", "root", "orphan", "global", "main", "base", "shutdown", "cleanup", "signal", "test", "dummy", "mock"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return endsWork(name) || startsWork(name) && !lint.Leads(name, "New", "Make", "Build")
}

// givenContext reports whether a function is given a context, or something that has one.
func (r *run) givenContext(decl *ast.FuncDecl, fn *types.Func) bool {
	for p := range fn.Signature().Params().Variables() {
		if isContext(p.Type()) || leadsToContext(p.Type()) != "" || r.isOwnContext(p.Type()) {
			return true
		}
	}
	if decl.Recv != nil {
		_, own := r.contextIn(decl.Recv, r.decls[fn])
		return own
	}
	return false
}

// returnsRoot reports whether all that a function returns is made of a root.
func (r *run) returnsRoot(decl *ast.FuncDecl) bool {
	returns, ok := 0, true
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			returns++
			switch {
			case len(n.Results) > 0:
				ok = ok && r.rooted(n.Results[0], decl, 4)
			case len(decl.Type.Results.List[0].Names) > 0:
				ok = ok && r.rooted(decl.Type.Results.List[0].Names[0], decl, 4)
			default:
				ok = false
			}
		}
		return ok
	})
	return ok && returns > 0
}

// rooted reports whether a context is a root, or made of one and of nothing else.
func (r *run) rooted(e ast.Expr, decl *ast.FuncDecl, depth int) bool {
	if depth == 0 {
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		if r.isRoot(e) {
			return true
		}
		if r.calls(e, "context", "WithTimeout", "WithDeadline", "WithCancel", "WithValue", "WithTimeoutCause", "WithDeadlineCause", "WithCancelCause") {
			return r.rooted(e.Args[0], decl, depth-1)
		}
		return r.makesRoot(e)
	case *ast.Ident:
		obj := r.TypesInfo.ObjectOf(e)
		if obj == nil || obj.Pos() < decl.Pos() || decl.End() <= obj.Pos() {
			return false
		}
		set, ok := 0, true
		ast.Inspect(decl.Body, func(n ast.Node) bool {
			stmt, isAssign := n.(*ast.AssignStmt)
			if !isAssign {
				return ok
			}
			for i, lhs := range stmt.Lhs {
				if r.object(lhs) != obj {
					continue
				}
				set++
				rhs := stmt.Rhs[0]
				if len(stmt.Rhs) == len(stmt.Lhs) {
					rhs = stmt.Rhs[i]
				}
				ok = ok && (r.mentions(rhs, obj) || r.rooted(rhs, decl, depth-1))
			}
			return ok
		})
		return ok && set > 0
	}
	return false
}
