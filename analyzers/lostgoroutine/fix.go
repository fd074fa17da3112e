package lostgoroutine

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// buffer offers to give a channel room for every value that is sent to it. It does so
// only where that is one value per goroutine, nothing follows the send that could
// count on its having been received, and nobody asks for len or cap.
func (f *finder) buffer(l *syncmodel.Lost) []analysis.SuggestedFix {
	mk, ok := l.Obj.Site.(*ssa.MakeChan)
	if !ok || l.Obj.Cap != 0 || l.Sized || l.Sends > 1 || l.OtherSenders || !endsAfter(l.At.Instr) {
		return nil
	}
	call := lint.CallAt(f.pass, mk.Pos())
	if call == nil || len(call.Args) != 1 {
		return nil
	}
	size := "1"
	if l.Siblings > 1 {
		if size = f.rounds(l.Go.Pos(), call); size == "" {
			return nil
		}
	}
	return []analysis.SuggestedFix{{
		Message:   fmt.Sprintf("Give the channel a buffer of %s", size),
		TextEdits: []analysis.TextEdit{{Pos: call.Rparen, End: call.Rparen, NewText: []byte(", " + size)}},
	}}
}

// endsAfter reports whether a goroutine does nothing more after a send than to end.
func endsAfter(send ssa.Instruction) bool {
	b := send.Block()
	seen := map[*ssa.BasicBlock]bool{}
	var quiet func(instrs []ssa.Instruction, b *ssa.BasicBlock) bool
	quiet = func(instrs []ssa.Instruction, b *ssa.BasicBlock) bool {
		for _, instr := range instrs {
			switch v := instr.(type) {
			case *ssa.Return, *ssa.RunDefers, *ssa.Jump:
			case *ssa.Call:
				if b, ok := v.Call.Value.(*ssa.Builtin); !ok || b.Name() != "close" {
					return false
				}
			default:
				return false
			}
		}
		for _, s := range b.Succs {
			if !seen[s] {
				seen[s] = true
				if !quiet(s.Instrs, s) {
					return false
				}
			}
		}
		return true
	}
	for i, instr := range b.Instrs {
		if instr == send {
			return quiet(b.Instrs[i+1:], b)
		}
	}
	return false
}

// rounds returns an expression, valid where a channel is made, for how often the loop
// around a go statement runs, or "".
func (f *finder) rounds(goPos token.Pos, mk *ast.CallExpr) string {
	file := lint.FileOf(f.pass, goPos)
	for _, n := range lint.Enclosing(f.pass, goPos) {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return ""
		case *ast.RangeStmt:
			id, ok := n.X.(*ast.Ident)
			if !ok || !f.fixed(file, id, mk.Pos(), n.End()) {
				return ""
			}
			switch t := f.pass.TypesInfo.TypeOf(id).Underlying().(type) {
			case *types.Slice, *types.Array, *types.Map:
				return f.len(file, id, mk.Pos())
			case *types.Basic:
				if t.Info()&types.IsInteger != 0 {
					return id.Name
				}
			}
			return ""
		case *ast.ForStmt:
			cond, ok := n.Cond.(*ast.BinaryExpr)
			if !ok || cond.Op != token.LSS {
				return ""
			}
			init, ok := n.Init.(*ast.AssignStmt)
			if !ok || len(init.Rhs) != 1 {
				return ""
			}
			if lit, ok := init.Rhs[0].(*ast.BasicLit); !ok || lit.Value != "0" {
				return ""
			}
			switch y := cond.Y.(type) {
			case *ast.BasicLit:
				return y.Value
			case *ast.Ident:
				if f.fixed(file, y, mk.Pos(), n.End()) {
					return y.Name
				}
			case *ast.CallExpr:
				fn, ok := y.Fun.(*ast.Ident)
				if !ok || fn.Name != "len" || len(y.Args) != 1 {
					return ""
				}
				if id, ok := y.Args[0].(*ast.Ident); ok && f.fixed(file, id, mk.Pos(), n.End()) {
					return f.len(file, id, mk.Pos())
				}
			}
			return ""
		}
	}
	return ""
}

// len returns "len(x)", unless len means something else at pos.
func (f *finder) len(file *ast.File, x *ast.Ident, pos token.Pos) string {
	scope := f.pass.Pkg.Scope().Innermost(pos)
	if scope == nil {
		return ""
	}
	if _, obj := scope.LookupParent("len", pos); obj != types.Universe.Lookup("len") {
		return ""
	}
	return "len(" + x.Name + ")"
}

// fixed reports whether a variable is in scope at from, and keeps its value, as far
// as assignments tell, until to.
func (f *finder) fixed(file *ast.File, id *ast.Ident, from, to token.Pos) bool {
	obj, ok := f.pass.TypesInfo.Uses[id]
	if !ok || obj.Parent() == nil || obj.Parent() == f.pass.Pkg.Scope() {
		return false
	}
	scope := f.pass.Pkg.Scope().Innermost(from)
	if scope == nil {
		return false
	}
	if _, at := scope.LookupParent(id.Name, from); at != obj {
		return false
	}
	if _, isConst := obj.(*types.Const); isConst {
		return true
	}
	kept := true
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || n.End() < from || n.Pos() > to {
			return false
		}
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				if x, ok := lhs.(*ast.Ident); ok && f.pass.TypesInfo.Uses[x] == obj && n.Pos() > from {
					kept = false
				}
			}
		case *ast.IncDecStmt:
			if x, ok := n.X.(*ast.Ident); ok && f.pass.TypesInfo.Uses[x] == obj && n.Pos() > from {
				kept = false
			}
		case *ast.UnaryExpr:
			if x, ok := n.X.(*ast.Ident); ok && n.Op == token.AND && f.pass.TypesInfo.Uses[x] == obj {
				kept = false
			}
		}
		return kept
	})
	return kept
}
