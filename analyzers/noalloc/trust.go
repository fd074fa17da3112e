package noalloc

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/alloc"
)

// exempt reports whether what happens at a place is of no concern: its author
// assumes that nothing is allocated there, or it happens only if something went wrong.
func (r *pass) exempt(stack []alloc.Frame, strict bool) bool {
	for _, f := range stack {
		if r.own(f.File) {
			name := filepath.Base(f.File)
			if r.assumed[name][f.Line] || !strict && r.isRare(name, f.Line) {
				return true
			}
			continue
		}
		src := r.alloc.Source(f.File)
		if src == nil {
			continue
		}
		if !strict && src.Rare[f.Line] || reason("//heapvet:"+src.Notes[f.Line]) != "" || reason("//heapvet:"+src.Notes[f.Line-1]) != "" {
			return true
		}
	}
	return false
}

// isRare reports whether a line of the package's own is reached only if something
// went wrong.
func (r *pass) isRare(base string, line int) bool {
	if r.rare == nil {
		r.rare = make(map[string]map[int]bool)
	}
	lines, ok := r.rare[base]
	if !ok {
		lines = make(map[int]bool)
		r.rare[base] = lines
		for _, f := range r.Files {
			if r.base(f.Package) == base {
				r.markRare(f, lines)
			}
		}
	}
	return lines[line]
}

func (r *pass) markRare(f *ast.File, lines map[int]bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause, *ast.LabeledStmt:
			return true
		case ast.Stmt:
			if r.hot.Rare(n) {
				for line := r.line(n.Pos()); line <= r.line(n.End()); line++ {
					lines[line] = true
				}
				return false
			}
		}
		return true
	})
}

// trusted reports whether the function declared at a place has a mark of its own:
// that is checked, or assumed, elsewhere.
func (r *pass) trusted(decl alloc.Frame) bool {
	if r.own(decl.File) {
		for d := range r.funcs {
			if r.base(d.Pos()) == filepath.Base(decl.File) && r.line(d.Type.Func) == decl.Line {
				return true
			}
		}
		return false
	}
	src := r.alloc.Source(decl.File)
	if src == nil {
		return false
	}
	for line := src.Funcs[decl.Line]; line > 0 && line < decl.Line; line++ {
		note := "//heapvet:" + src.Notes[line]
		if fields := strings.Fields(note); fields[0] == noalloc || reason(note) != "" {
			return true
		}
	}
	return false
}

// answered reports whether somebody else answers for the dynamic calls at a place.
func (r *pass) answered(stack []alloc.Frame, k contract) bool {
	f := stack[0]
	if !r.own(f.File) {
		// Who passes a function answers for it.
		src := r.alloc.Source(f.File)
		return src != nil && src.Params[f.Line]
	}
	found := false
	all := true
	for _, file := range r.Files {
		if r.base(file.Package) != filepath.Base(f.File) {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil || r.line(n.Pos()) > f.Line || r.line(n.End()) < f.Line {
				return false
			}
			if call, ok := n.(*ast.CallExpr); ok && r.line(call.Lparen) == f.Line && r.dynamic(call) {
				found = true
				all = all && r.callAnswered(call, k)
			}
			return true
		})
	}
	return all && (found || r.deferred(f))
}

// deferred reports whether the dynamic calls at a place without any in the source are
// those of deferred functions that are known.
func (r *pass) deferred(f alloc.Frame) bool {
	known, found := true, false
	for _, file := range r.Files {
		if r.base(file.Package) != filepath.Base(f.File) {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil {
				return false
			}
			if decl, ok := n.(*ast.FuncDecl); ok && !r.in(decl, f.Line) {
				return false
			}
			if d, ok := n.(*ast.DeferStmt); ok {
				found = true
				_, literal := ast.Unparen(d.Call.Fun).(*ast.FuncLit)
				known = known && (literal || !r.dynamic(d.Call))
			}
			return true
		})
	}
	return found && known
}

// dynamic reports whether it is known only at run time what is called.
func (r *pass) dynamic(call *ast.CallExpr) bool {
	tv := r.TypesInfo.Types[call.Fun]
	if tv.IsType() || tv.IsBuiltin() {
		return false
	}
	return typeutil.StaticCallee(r.TypesInfo, call) == nil
}

// callAnswered reports whether the callee has a mark, is a function literal in a local
// variable, or is a parameter of a function that is not bound by the contract itself.
func (r *pass) callAnswered(call *ast.CallExpr, k contract) bool {
	if fn, ok := typeutil.Callee(r.TypesInfo, call).(*types.Func); ok {
		_, ok := r.marked(fn.Origin())
		return ok
	}
	if _, ok := r.typeMark(r.TypesInfo.TypeOf(call.Fun)); ok {
		return true
	}
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := r.TypesInfo.Uses[id].(*types.Var)
	if !ok || v.IsField() || v.Parent() == nil || v.Parent() == r.Pkg.Scope() {
		return false
	}
	if v.Kind() == types.ParamVar {
		return !(k.decl.Pos() <= v.Pos() && v.Pos() < k.decl.End()) || r.ofLiteral(k.decl, v)
	}
	return r.onlyFunctions(v)
}

// ofLiteral reports whether v is a parameter of a function literal in decl, which those
// who call the literal answer for.
func (r *pass) ofLiteral(decl ast.Node, v *types.Var) bool {
	d, ok := decl.(*ast.FuncDecl)
	return ok && d.Body.Pos() <= v.Pos()
}

// onlyFunctions reports whether all that a local variable is ever assigned are function
// literals and declared functions, whose code is looked at where they are named.
func (r *pass) onlyFunctions(v *types.Var) bool {
	only := true
	is := func(e ast.Expr) bool {
		switch e := ast.Unparen(e).(type) {
		case *ast.FuncLit:
			return true
		case *ast.Ident:
			_, ok := r.TypesInfo.Uses[e].(*types.Func)
			return ok
		case *ast.SelectorExpr:
			fn, ok := r.TypesInfo.Uses[e.Sel].(*types.Func)
			return ok && fn.Signature().Recv() == nil
		}
		return false
	}
	for _, f := range r.Files {
		if !(f.FileStart <= v.Pos() && v.Pos() < f.FileEnd) {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i, lhs := range n.Lhs {
					if id, ok := ast.Unparen(lhs).(*ast.Ident); ok && r.TypesInfo.ObjectOf(id) == v {
						only = only && len(n.Lhs) == len(n.Rhs) && is(n.Rhs[i])
					}
				}
			case *ast.ValueSpec:
				for i, id := range n.Names {
					if r.TypesInfo.Defs[id] == v && len(n.Values) > 0 {
						only = only && len(n.Names) == len(n.Values) && is(n.Values[i])
					}
				}
			case *ast.UnaryExpr:
				if id, ok := ast.Unparen(n.X).(*ast.Ident); ok && n.Op == token.AND && r.TypesInfo.Uses[id] == v {
					only = false
				}
			case *ast.RangeStmt:
				for _, e := range []ast.Expr{n.Key, n.Value} {
					if id, ok := e.(*ast.Ident); ok && r.TypesInfo.ObjectOf(id) == v {
						only = false
					}
				}
			}
			return only
		})
	}
	return only
}
