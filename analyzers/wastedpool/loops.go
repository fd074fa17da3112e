package wastedpool

import (
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// loops reports Puts that are deferred in the loop in which the object is taken.
func (c *checker) loops() {
	inLoop := func(get, def ssa.Instruction) bool {
		return get.Parent() == def.Parent() && after(get, def) && lazyssa.Reaches(def.Block(), get.Block()) && !onlyOnce(get)
	}
	for _, p := range c.pools {
		for _, put := range p.puts {
			for _, get := range p.gets {
				if def := deferOf(put); def != nil && inLoop(get.call, def) {
					c.reportLoop(p.name(), get.call, def)
				}
			}
		}
	}
	for _, p := range c.flow.Pools {
		for _, put := range p.Puts {
			for _, get := range p.Gets {
				if def, ok := put.Call.(*ssa.Defer); ok && inLoop(get.Call, def) {
					c.reportLoop(p.Name, get.Call, def)
				}
			}
		}
	}
}

// onlyOnce reports whether a loop comes by only until a variable is set: a test for nil,
// or of a flag, of something that the loop carries along.
func onlyOnce(get ssa.Instruction) bool {
	for b := get.Block().Idom(); b != nil && lazyssa.Reaches(get.Block(), b); b = b.Idom() {
		test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		cond := test.Cond
		if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
			cond = not.X
		}
		if op, ok := cond.(*ssa.BinOp); ok {
			if k, isConst := op.Y.(*ssa.Const); !isConst || k.Value != nil {
				continue
			}
			cond = op.X
		}
		switch v := cond.(type) {
		case *ssa.Phi:
			return true
		case *ssa.UnOp:
			if _, ok := v.X.(*ssa.Alloc); ok {
				return true
			}
		}
	}
	return false
}

// deferOf returns the defer statement that runs a Put, alone or in a function literal.
func deferOf(put *site) *ssa.Defer {
	if def, ok := put.call.(*ssa.Defer); ok {
		return def
	}
	parent := put.fn.Parent()
	if parent == nil {
		return nil
	}
	for _, b := range parent.Blocks {
		for _, instr := range b.Instrs {
			if def, ok := instr.(*ssa.Defer); ok {
				if mc, ok := def.Call.Value.(*ssa.MakeClosure); ok && mc.Fn == put.fn || def.Call.Value == put.fn {
					return def
				}
			}
		}
	}
	return nil
}

func (c *checker) reportLoop(name string, get ssa.CallInstruction, def *ssa.Defer) {
	stmt := nodeAt(c, def.Pos(), func(s *ast.DeferStmt) bool { return s.Pos() == def.Pos() })
	if stmt == nil {
		return
	}
	c.report(analysis.Diagnostic{
		Pos: stmt.Pos(), End: stmt.End(), Category: deferInLoop,
		Message: fmt.Sprintf("Put deferred in a loop runs only when the function returns: %s is empty for every iteration", name),
		Related: []analysis.RelatedInformation{c.related(get, "taken from the pool on every iteration")},
	})
}
