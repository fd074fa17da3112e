package stucklock

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// unlockFix unlocks before each return that leaves the lock locked. It returns nil where
// what is returned may be read under the lock, or where the lock has no name.
func (f *finder) unlockFix(x *syncmodel.Left) []analysis.SuggestedFix {
	if !x.Sure {
		return nil
	}
	var lock ast.Expr
	for _, n := range lint.Enclosing(f.pass, x.Hold.At.Pos()) {
		if call, ok := n.(*ast.CallExpr); ok {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && (sel.Sel.Name == "Lock" || sel.Sel.Name == "RLock") {
				lock = sel.X
			}
			break
		}
	}
	base := baseOf(lock)
	if base == nil {
		return nil
	}
	stmt := types.ExprString(lock) + ".Unlock()"
	if x.Hold.Read {
		stmt = types.ExprString(lock) + ".RUnlock()"
	}
	var edits []analysis.TextEdit
	for _, ret := range x.Returns {
		pos := ret.Pos()
		first := ""
		if pos.IsValid() {
			path := lint.Enclosing(f.pass, pos)
			if len(path) < 2 {
				return nil
			}
			r, ok := path[0].(*ast.ReturnStmt)
			if !ok || !f.harmless(r.Results) {
				return nil
			}
			switch path[1].(type) {
			case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			default:
				return nil
			}
		} else {
			body := lint.Body(x.Fn.Syntax())
			if body == nil || f.pass.Fset.Position(body.Lbrace).Line == f.pass.Fset.Position(body.Rbrace).Line {
				return nil
			}
			pos, first = body.Rbrace, "\t"
		}
		scope := f.pass.Pkg.Scope().Innermost(pos)
		if scope == nil {
			return nil
		}
		if _, obj := scope.LookupParent(base.Name, pos); obj != f.pass.TypesInfo.ObjectOf(base) {
			return nil
		}
		start := f.pass.Fset.Position(pos)
		indent := strings.Repeat("\t", start.Column-1)
		edits = append(edits, analysis.TextEdit{Pos: pos, End: pos, NewText: []byte(first + stmt + "\n" + indent)})
	}
	return []analysis.SuggestedFix{{Message: "unlock before returning", TextEdits: edits}}
}

// baseOf returns the variable that a chain of fields begins with.
func baseOf(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// harmless reports whether the values may as well be computed after the lock is released:
// constants and variables of the function or the package's errors.
func (f *finder) harmless(results []ast.Expr) bool {
	for _, r := range results {
		if tv := f.pass.TypesInfo.Types[r]; tv.Value != nil || tv.IsNil() {
			continue
		}
		id, ok := r.(*ast.Ident)
		if !ok {
			return false
		}
		v, ok := f.pass.TypesInfo.ObjectOf(id).(*types.Var)
		if !ok || v.Parent() == f.pass.Pkg.Scope() && !lint.IsError(v.Type()) {
			return false
		}
	}
	return true
}
