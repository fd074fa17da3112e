package poolalias

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// report turns findings into diagnostics: one for each place, and one use for each Put.
func (c *checker) report(found []finding) {
	slices.SortStableFunc(found, func(a, b finding) int { return cmp.Compare(c.pos(a.at.instr), c.pos(b.at.instr)) })
	type once struct {
		category string
		put      ssa.Instruction
	}
	said := make(map[once]bool)
	at := make(map[token.Pos]bool)
	for _, f := range found {
		if f.category == useAfterPut && slices.ContainsFunc(found, func(g finding) bool {
			return g.category == doublePut && (g.at.instr == f.at.instr || g.other.at.instr == f.at.instr)
		}) {
			continue // is part of putting it back again
		}
		if f.category == aliased && sortedOut(f) {
			continue
		}
		key := once{f.category, f.put.at.instr}
		if f.category == useAfterPut && said[key] {
			continue
		}
		d, ok := c.diagnostic(f)
		if !ok || at[d.Pos] {
			continue
		}
		at[d.Pos] = true
		said[key] = true
		d.SuggestedFixes = c.fix(f)
		c.pass.Report(d)
	}
}

// sortedOut reports whether what is stored is a list, of a function that compares objects
// with the one that is put back: to leave it out. Which elements a list has is not known.
func sortedOut(f finding) bool {
	var stored ssa.Value
	switch in := f.at.instr.(type) {
	case *ssa.Store:
		stored = in.Val
	case *ssa.MapUpdate:
		stored = in.Value
	default:
		return false
	}
	if _, ok := stored.Type().Underlying().(*types.Slice); !ok {
		return false
	}
	call, ok := f.put.at.instr.(ssa.CallInstruction)
	if !ok {
		return false
	}
	fn := f.at.instr.Parent()
	return slices.ContainsFunc(call.Common().Args, func(arg ssa.Value) bool {
		_, pointer := arg.Type().Underlying().(*types.Pointer)
		return pointer && slices.ContainsFunc(append(slices.Clip(fn.AnonFuncs), fn), func(fn *ssa.Function) bool { return compares(fn, arg.Type()) })
	})
}

// compares reports whether a function compares pointers of a type with each other.
func compares(fn *ssa.Function, t types.Type) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			cmp, ok := instr.(*ssa.BinOp)
			if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || !types.Identical(cmp.X.Type(), t) {
				continue
			}
			_, x := cmp.X.(*ssa.Const)
			_, y := cmp.Y.(*ssa.Const)
			if !x && !y {
				return true
			}
		}
	}
	return false
}

func (c *checker) diagnostic(f finding) (analysis.Diagnostic, bool) {
	node := c.node(f.at.instr, f.result)
	if node == nil {
		return analysis.Diagnostic{}, false
	}
	d := analysis.Diagnostic{Pos: node.Pos(), End: node.End(), Category: f.category}
	obj := c.objectName(f.put.at.instr)
	where := fmt.Sprintf("is put back on line %d", c.line(f.put.at.instr))
	if f.put.deferred {
		where = "goes back to " + c.poolName(f.put.at.instr) + " when the function returns"
	}
	switch f.category {
	case doublePut:
		other := f.other
		if other.at == f.at {
			other = f.put
		}
		how := "on line"
		if other.deferred {
			how = "by the deferred call on line"
		}
		d.Message = fmt.Sprintf("%s may be put back twice, here and %s %d: two users would then get the same object", obj, how, c.line(other.at.instr))
		if other.at.instr == f.at.instr {
			d.Message = fmt.Sprintf("%s may be put back again in the next turn of the loop: two users would then get the same object", obj)
		} else {
			d.Related = append(d.Related, c.related(other.at.instr, "put back here")...)
		}
		return d, true
	case useAfterPut:
		d.Message = fmt.Sprintf("%s is used after it was put back on line %d: another goroutine may own it by then", obj, c.line(f.put.at.instr))
		d.Related = c.related(f.put.at.instr, "put back here")
		return d, true
	}
	d.Related = c.related(f.put.at.instr, "put back here")
	goroutine := fmt.Sprintf("this goroutine may still use %s when it %s", obj, where)
	stored := fmt.Sprintf("what is stored here shares memory with %s, which %s: the next user overwrites it", obj, where)
	switch in := f.at.instr.(type) {
	case *ssa.Return:
		t := c.resultType(in, f.result)
		verb := "shares memory with"
		if _, isPtr := t.Underlying().(*types.Pointer); isPtr && f.at.ref.path == "" && !f.boxed {
			d.Message = fmt.Sprintf("%s is returned, but it %s: the caller would use another user's object", obj, where)
			return d, true
		}
		if f.boxed {
			verb = "holds memory of"
		}
		d.Message = fmt.Sprintf("the returned %s %s %s, which %s: the next user overwrites it", c.typeName(t), verb, obj, where)
	case *ssa.Go:
		d.Message = goroutine
	case *ssa.Call:
		d.Message = stored
		if fn := in.Call.StaticCallee(); fn != nil && (fn.Name() == "Go" || fn.Name() == "AfterFunc") {
			d.Message = goroutine
		}
	case *ssa.Send, *ssa.Select:
		d.Message = fmt.Sprintf("the receiver may still use memory of %s when it %s", obj, where)
	default:
		d.Message = stored
	}
	return d, true
}

func (c *checker) resultType(in *ssa.Return, i int) types.Type {
	return in.Results[i].Type()
}

func (c *checker) typeName(t types.Type) string {
	return types.TypeString(t, types.RelativeTo(c.pass.Pkg))
}

func (c *checker) line(instr ssa.Instruction) int {
	return c.pass.Fset.Position(c.pos(instr)).Line
}

func (c *checker) poolName(instr ssa.Instruction) string {
	if call, ok := instr.(ssa.CallInstruction); ok {
		if name := c.pools[call]; name != "" {
			return name
		}
	}
	return "the pool"
}

// pos returns the position of an instruction, or of what it works on.
func (c *checker) pos(instr ssa.Instruction) token.Pos {
	if call, ok := instr.(ssa.CallInstruction); ok {
		return call.Common().Pos()
	}
	if p := instr.Pos(); p.IsValid() {
		return p
	}
	for _, op := range instr.Operands(nil) {
		if *op != nil && (*op).Pos().IsValid() {
			return (*op).Pos()
		}
	}
	return token.NoPos
}

// node returns the syntax of an instruction: the expression or statement to be reported.
func (c *checker) node(instr ssa.Instruction, result int) ast.Node {
	path := lint.Enclosing(c.pass, c.pos(instr))
	for i, n := range path {
		switch n := n.(type) {
		case *ast.ReturnStmt:
			if result >= 0 && result < len(n.Results) {
				return n.Results[result]
			}
			return n
		case *ast.GoStmt:
			if lit, ok := ast.Unparen(n.Call.Fun).(*ast.FuncLit); ok {
				return span{n.Pos(), lit.Type.End()}
			}
			return n
		case *ast.CallExpr:
			if _, ok := instr.(ssa.CallInstruction); ok {
				if n.Lparen != c.pos(instr) {
					continue
				}
				if g, ok := path[i+1].(*ast.GoStmt); ok {
					return c.goSpan(g)
				}
				return n
			}
			return n
		case *ast.SelectorExpr, *ast.IndexExpr, *ast.SliceExpr, *ast.StarExpr, *ast.TypeAssertExpr, *ast.UnaryExpr, *ast.BinaryExpr, *ast.CompositeLit:
			if _, ok := instr.(*ssa.Store); !ok {
				return n
			}
		case *ast.AssignStmt, *ast.IncDecStmt, *ast.SendStmt, *ast.ExprStmt, *ast.RangeStmt, *ast.KeyValueExpr, *ast.ValueSpec:
			if r, ok := n.(*ast.RangeStmt); ok {
				return r.X
			}
			return n
		case *ast.FuncDecl, *ast.BlockStmt, *ast.FuncLit:
			if i == 0 {
				return span{c.pos(instr), c.pos(instr) + 1}
			}
			return path[i-1]
		}
	}
	return nil
}

func (c *checker) goSpan(g *ast.GoStmt) ast.Node {
	if lit, ok := ast.Unparen(g.Call.Fun).(*ast.FuncLit); ok {
		return span{g.Pos(), lit.Type.End()}
	}
	return g
}

// span is a part of the source that is no node of its own.
type span struct{ from, to token.Pos }

func (s span) Pos() token.Pos { return s.from }
func (s span) End() token.Pos { return s.to }

// objectName returns what the source calls the object where it is put back.
func (c *checker) objectName(instr ssa.Instruction) string {
	const unnamed = "the pooled object"
	for _, n := range lint.Enclosing(c.pass, c.pos(instr)) {
		call, ok := n.(*ast.CallExpr)
		if !ok || call.Lparen != c.pos(instr) {
			continue
		}
		e := c.releasedArg(call, instr)
		if e == nil {
			return unnamed
		}
		if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
			e = u.X
		}
		switch e.(type) {
		case *ast.Ident, *ast.SelectorExpr:
			if s := types.ExprString(e); len(s) <= 30 {
				return s
			}
		}
		return unnamed
	}
	return unnamed
}

// releasedArg returns the argument or receiver that a call puts back.
func (c *checker) releasedArg(call *ast.CallExpr, instr ssa.Instruction) ast.Expr {
	in, ok := instr.(ssa.CallInstruction)
	if !ok {
		return nil
	}
	for _, r := range c.releaseOf(in) {
		i := slices.Index(in.Common().Args, r.arg)
		if fn := in.Common().StaticCallee(); fn != nil && fn.Signature.Recv() != nil {
			i--
		}
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && i == -1 {
			return ast.Unparen(sel.X)
		}
		if i >= 0 && i < len(call.Args) {
			return ast.Unparen(call.Args[i])
		}
	}
	return nil
}

func (c *checker) related(instr ssa.Instruction, message string) []analysis.RelatedInformation {
	if n := c.node(instr, -1); n != nil {
		return []analysis.RelatedInformation{{Pos: n.Pos(), End: n.End(), Message: message}}
	}
	return nil
}
