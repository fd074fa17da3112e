package initwork

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// What a program computes before main begins is reported from long on, in nanoseconds
// by a rough estimate; what functions compute is handed on from worthFact on.
const (
	long      = 1_000_000
	worthFact = 10_000
)

// price estimates the cost of a call of another package's function, in nanoseconds.
func (w *walker) price(fn *types.Func) int64 {
	switch path := fn.Pkg().Path(); path {
	case "crypto/sha256", "crypto/sha512", "crypto/sha1", "crypto/md5", "fmt", "strconv", "math/big", "encoding/hex", "encoding/base64":
		return 100
	case "regexp":
		return 10_000
	case "encoding/json", "text/template", "html/template":
		return 5_000
	case "math", "math/bits", "unicode", "unicode/utf8", "sync/atomic":
		return 3
	}
	return 20
}

// index counts a look into a map.
func (w *walker) index(n *ast.IndexExpr) {
	if t := w.pass.TypesInfo.TypeOf(n.X); t != nil {
		if _, ok := t.Underlying().(*types.Map); ok {
			w.sum.nanos += w.loops * 50
		}
	}
}

// deep is the number from which on a function that calls itself twice for numbers
// below its own takes milliseconds.
const deep = 30

// explodes reports a call of a function that calls itself more than once, as Fibonacci
// numbers are defined, with a number that makes it take long.
func (w *walker) explodes(call *ast.CallExpr, fn *types.Func) bool {
	decl := w.decls[fn]
	if decl == nil || len(call.Args) != 1 {
		return false
	}
	if n, ok := w.constant(call.Args[0]); !ok || n < deep || n > 1000 {
		return false
	}
	selves := 0
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && typeutil.Callee(w.pass.TypesInfo, c) == fn {
			selves++
		}
		return true
	})
	return selves > 1
}

// times returns how often a for loop runs, if constants say so; otherwise 1, or a few
// times inside another loop.
func (w *walker) times(s *ast.ForStmt) int64 {
	cond, ok := s.Cond.(*ast.BinaryExpr)
	if !ok {
		return 1
	}
	if n, ok := w.constant(cond.Y); ok && cond.Op == token.LSS && w.isLen(cond.X) {
		return max(1, n) // until so many are found
	}
	var from, to int64
	init, isAssign := s.Init.(*ast.AssignStmt)
	if !isAssign || len(init.Rhs) != 1 {
		return 1
	}
	from, ok = w.constant(init.Rhs[0])
	if !ok {
		return 4
	}
	to, ok = w.constant(cond.Y)
	if !ok {
		return 1
	}
	switch cond.Op {
	case token.LSS, token.LEQ, token.NEQ:
	case token.GTR, token.GEQ:
		from, to = to, from
	default:
		return 1
	}
	step := int64(1)
	if post, ok := s.Post.(*ast.AssignStmt); ok && len(post.Rhs) == 1 {
		k, ok := w.constant(post.Rhs[0])
		if !ok || post.Tok != token.ADD_ASSIGN && post.Tok != token.SUB_ASSIGN || k <= 0 {
			return 4 // it doubles, or the like
		}
		step = k
	}
	return max(1, (to-from)/step)
}

// isLen reports whether e is the length of something.
func (w *walker) isLen(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	id, ok := call.Fun.(*ast.Ident)
	return ok && w.pass.TypesInfo.Uses[id] == types.Universe.Lookup("len")
}

// elements returns how often a range loop runs, if that is known; otherwise 1.
func (w *walker) elements(s *ast.RangeStmt) int64 {
	if n, ok := w.constant(s.X); ok {
		return max(1, n)
	}
	t := w.pass.TypesInfo.TypeOf(s.X)
	if t == nil {
		return 1
	}
	if a, ok := lint.Deref(t).Underlying().(*types.Array); ok {
		return max(1, a.Len())
	}
	if lit, ok := ast.Unparen(s.X).(*ast.CompositeLit); ok {
		return max(1, int64(len(lit.Elts)))
	}
	if id, ok := ast.Unparen(s.X).(*ast.Ident); ok {
		return w.length(w.pass.TypesInfo.Uses[id])
	}
	return 1
}

// length returns the length of a variable that is made by make or written out where it is
// declared.
func (w *walker) length(obj types.Object) int64 {
	v, ok := obj.(*types.Var)
	if !ok {
		return 1
	}
	switch value := ast.Unparen(w.valueOf(v)).(type) {
	case *ast.CallExpr:
		if id, ok := value.Fun.(*ast.Ident); ok && len(value.Args) >= 2 && w.pass.TypesInfo.Uses[id] == types.Universe.Lookup("make") {
			if n, ok := w.constant(value.Args[1]); ok {
				return max(1, n)
			}
		}
	case *ast.CompositeLit:
		return max(1, int64(len(value.Elts)))
	}
	return 1
}

// constant returns the value of an integer: a constant, the length of an array or of what is made with
// a constant length, or a variable that is set to one of these where it is declared.
func (w *walker) constant(e ast.Expr) (int64, bool) {
	if n, ok := lint.Int(w.pass.TypesInfo, e); ok {
		return n, true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		id, ok := e.Fun.(*ast.Ident)
		if ok && len(e.Args) == 1 && w.pass.TypesInfo.Uses[id] == types.Universe.Lookup("len") {
			if arg, ok := ast.Unparen(e.Args[0]).(*ast.Ident); ok {
				n := w.length(w.pass.TypesInfo.Uses[arg])
				return n, n > 1
			}
		}
	case *ast.Ident:
		if v, ok := w.pass.TypesInfo.Uses[e].(*types.Var); ok {
			if n, ok := w.args[v]; ok {
				return n, true
			}
			if value := w.valueOf(v); value != nil {
				return lint.Int(w.pass.TypesInfo, value)
			}
		}
	}
	return 0, false
}

// valueOf returns what a variable is declared with, or nil. What is assigned to it later
// does not matter for an estimate.
func (f *finder) valueOf(v *types.Var) ast.Expr {
	if f.vars == nil {
		f.vars = make(map[*types.Var]ast.Expr)
		for _, file := range f.pass.Files {
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.AssignStmt:
					if n.Tok == token.DEFINE && len(n.Lhs) == len(n.Rhs) {
						for i, lhs := range n.Lhs {
							if id, ok := lhs.(*ast.Ident); ok {
								f.define(id, n.Rhs[i])
							}
						}
					}
				case *ast.ValueSpec:
					if len(n.Names) == len(n.Values) {
						for i, id := range n.Names {
							f.define(id, n.Values[i])
						}
					}
				}
				return true
			})
		}
	}
	return f.vars[v]
}

func (f *finder) define(id *ast.Ident, value ast.Expr) {
	if v, ok := f.pass.TypesInfo.Defs[id].(*types.Var); ok {
		f.vars[v] = value
	}
}
