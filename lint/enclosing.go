package lint

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
)

// Enclosing returns the nodes of the source around a position, innermost first; none if no file of
// the pass has it.
func Enclosing(pass *analysis.Pass, pos token.Pos) []ast.Node {
	file := FileOf(pass, pos)
	if file == nil {
		return nil
	}
	path, _ := astutil.PathEnclosingInterval(file, pos, pos)
	return path
}

// CallAt returns the call whose left parenthesis is at a position, which is where SSA says that it
// is; or nil.
func CallAt(pass *analysis.Pass, lparen token.Pos) *ast.CallExpr {
	for _, n := range Enclosing(pass, lparen) {
		if call, ok := n.(*ast.CallExpr); ok && call.Lparen == lparen {
			return call
		}
	}
	return nil
}

// Operation returns the range of the call, the statement that starts or defers one, or the operation
// on a channel at a position; one byte if there is none, and no position if no file of the pass has it.
func Operation(pass *analysis.Pass, pos token.Pos) (from, to token.Pos) {
	path := Enclosing(pass, pos)
	if path == nil {
		return token.NoPos, token.NoPos
	}
	for _, n := range path {
		switch n := n.(type) {
		case *ast.CallExpr, *ast.SendStmt, *ast.GoStmt, *ast.DeferStmt:
			return n.Pos(), n.End()
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				return n.Pos(), n.End()
			}
		case *ast.RangeStmt:
			return n.Pos(), n.X.End()
		case *ast.ForStmt:
			return n.Pos(), n.Body.Lbrace
		case *ast.SelectStmt:
			return n.Pos(), n.Body.Lbrace
		case *ast.FuncLit, *ast.FuncDecl:
			return pos, pos + 1
		}
	}
	return pos, pos + 1
}
