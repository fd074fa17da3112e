package escape

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
)

// Compiled reports whether the compiler is known to have compiled the code at n
// where it stands, so that its silence about a variable there means something.
// It is false in generic functions without an instance in the package, in
// functions named _, and in function literals and range-over-func bodies that
// only live on where they were inlined.
func (r *Report) Compiled(n ast.Node) bool {
	path := r.path(n)
	if path == nil || !r.Known() || !r.stands(path) {
		return false
	}
	for _, n := range path {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return r.witness(Pos(n))
		case *ast.FuncLit:
			if !r.witness(n.Pos()) {
				return false
			}
		case *ast.RangeStmt:
			if r.overFunc(n) && !(r.witness(n.Pos()) && r.judged(n.Pos())) {
				return false
			}
		}
	}
	return true
}

// stands reports whether the innermost code of path was compiled where it
// stands, if it was compiled. A function literal that is inlined at its calls
// is gone, though the compiler may have judged it before.
func (r *Report) stands(path []ast.Node) bool {
	for i, n := range path {
		if lit, ok := n.(*ast.FuncLit); ok && !r.judged(lit.Pos()) {
			// The initial values of package variables have no verdict.
			if enclosedByFunc(path[i+1:]) || isCallee(path, i) {
				return false
			}
		}
	}
	return true
}

func enclosedByFunc(path []ast.Node) bool {
	return slices.ContainsFunc(path, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return true
		}
		return false
	})
}

// isCallee reports whether path[i] is called on the spot.
func isCallee(path []ast.Node, i int) bool {
	for ; i+1 < len(path); i++ {
		switch outer := path[i+1].(type) {
		case *ast.ParenExpr:
		case *ast.CallExpr:
			return outer.Fun == path[i]
		default:
			return false
		}
	}
	return false
}

// witness reports whether a function at pos was compiled.
func (r *Report) witness(pos token.Pos) bool {
	return slices.ContainsFunc(r.rows(pos), func(row row) bool { return row.kind == witness })
}

// instances returns how many times the function declaration in path was
// compiled: a generic one once for each shape of its type arguments.
func (r *Report) instances(path []ast.Node) int {
	n := 0
	for _, node := range path {
		if decl, ok := node.(*ast.FuncDecl); ok {
			for _, row := range r.rows(Pos(decl)) {
				if row.kind == witness && row.ofShape() {
					n++
				}
			}
		}
	}
	return max(n, 1)
}

// judged reports whether there is a verdict about a function literal at pos.
func (r *Report) judged(pos token.Pos) bool {
	return slices.ContainsFunc(r.rows(pos), func(row row) bool {
		return row.class() == funcRow && row.verdict() != Unknown
	})
}

func (r *Report) overFunc(n *ast.RangeStmt) bool {
	t := r.pass.TypesInfo.TypeOf(n.X)
	if t == nil {
		return true
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// path returns the nodes that enclose n and n itself, innermost first.
func (r *Report) path(n ast.Node) []ast.Node {
	file := r.fileOf(n)
	if file == nil {
		return nil
	}
	path, _ := astutil.PathEnclosingInterval(file, n.Pos(), n.End())
	return path
}

func (r *Report) fileOf(n ast.Node) *ast.File {
	for _, f := range r.pass.Files {
		if f.FileStart <= n.Pos() && n.Pos() < f.FileEnd {
			return f
		}
	}
	return nil
}
