package wastedpool

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// lostElsewhere reports variables of a type that wraps a pool, of another package, on
// which nobody calls anything but its method that takes an object.
func (c *checker) lostElsewhere() {
	for _, p := range c.flow.Pools {
		if len(p.Gets) == 0 || len(p.Puts) > 0 {
			continue
		}
		get := p.Gets[0]
		if get.Wrapper == nil || get.Wrapper.Pkg() == c.Pkg || get.Wrapper.Signature().Recv() == nil {
			continue
		}
		g := baseOf(get.Call.Call.Args[0])
		if g == nil || c.visible(g.Object()) || lint.IsTest(c.Pass, get.Call.Pos()) || !c.onlyTaken(g, get.Wrapper) {
			continue
		}
		from, to := c.span(get.Call)
		c.report(analysis.Diagnostic{
			Pos: from, End: to, Category: neverPut,
			Message: fmt.Sprintf("objects taken from %s are never put back: the pool only adds overhead", g.Name()),
			Related: []analysis.RelatedInformation{{Pos: g.Pos(), Message: "the pool"}},
		})
	}
}

// onlyTaken reports whether all that the package does with a variable, beyond
// setting it up, is to call the method take, and to use what that returns.
func (c *checker) onlyTaken(g *ssa.Global, take *types.Func) bool {
	taken := func(v ssa.Value, instr ssa.Instruction) bool {
		call, ok := instr.(*ssa.Call)
		if !ok || slices.Index(call.Call.Args, v) != 0 || slices.Contains(call.Call.Args[1:], v) {
			return false
		}
		fn := calleeOf(&call.Call)
		return fn != nil && fn.Origin() == take.Origin() && !handedOn(call, 0)
	}
	for _, fn := range c.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if !slices.ContainsFunc(instr.Operands(nil), func(op *ssa.Value) bool { return *op == ssa.Value(g) }) {
					continue
				}
				switch instr := instr.(type) {
				case *ssa.Store:
					if instr.Addr != g || fn.Name() != "init" {
						return false
					}
				case *ssa.UnOp:
					if instr.Op != token.MUL || slices.ContainsFunc(*instr.Referrers(), func(use ssa.Instruction) bool { return !taken(instr, use) }) {
						return false
					}
				case *ssa.FieldAddr:
					if fn.Name() != "init" {
						return false
					}
				default:
					if !taken(g, instr) {
						return false
					}
				}
			}
		}
	}
	return true
}
