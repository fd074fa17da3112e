package ctxgrows

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/lint"
	"golang.org/x/tools/go/ssa"
)

// countsCalls reports whether a function counts its calls in the thing whose context it makes
// longer, and works under the longer context: it is made to be called again and again.
func (r *run) countsCalls(e *effect) bool {
	if e.store == nil || r.builds(e) || !r.worksUnder(e) {
		return false
	}
	for _, b := range e.fn.Blocks {
		if !b.Dominates(e.store.Block()) && !e.store.Block().Dominates(b) {
			continue
		}
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				sum, ok := instr.Val.(*ssa.BinOp)
				if !ok || sum.Op != token.ADD || r.pointee(instr.Addr).root != e.place.root {
					continue
				}
				_, one := sum.Y.(*ssa.Const)
				load, again := sum.X.(*ssa.UnOp)
				if one && again && load.Op == token.MUL && r.pointee(load.X) == r.pointee(instr.Addr) {
					return true
				}
			case *ssa.Call:
				fn := instr.Call.StaticCallee()
				if fn != nil && len(instr.Call.Args) > 1 && isAtomicAdd(fn) && r.pointee(instr.Call.Args[0]).root == e.place.root {
					return true
				}
			}
		}
	}
	return false
}

func isAtomicAdd(fn *ssa.Function) bool {
	obj := fn.Object()
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "sync/atomic" && strings.HasPrefix(obj.Name(), "Add")
}

// worksUnder reports whether the function hands the context on after it has made it longer.
func (r *run) worksUnder(e *effect) bool {
	for _, b := range e.fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || call == e.step.call || !e.store.Block().Dominates(b) {
				continue
			}
			if slices.ContainsFunc(call.Common().Args, func(a ssa.Value) bool {
				return carries(a.Type()) && slices.ContainsFunc(r.origins(a), func(o origin) bool { return o.step != nil })
			}) {
				return true
			}
		}
	}
	return false
}

// takesMore reports whether a function literal is given something, other than contexts, to work on.
func takesMore(fn *ssa.Function) bool {
	return slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return !isContext(p.Type()) })
}

// ownUse reports whether a function literal works under the captured context that it makes
// longer, and the function around it does not read that any more.
func (r *run) ownUse(fn *ssa.Function, root ssa.Value) bool {
	free, ok := root.(*ssa.FreeVar)
	if !ok || !slices.ContainsFunc(*free.Referrers(), func(ref ssa.Instruction) bool {
		store, ok := ref.(*ssa.Store)
		return ok && store.Addr == free && handsOn(fn, free, store)
	}) {
		return false
	}
	variable := r.captured(fn, free)
	if variable == nil {
		return false
	}
	made := makes(fn)
	for _, ref := range *variable.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp:
			if made == nil || !precedes(ref, made) || len(r.inside(ref.Block())) > 0 {
				return false
			}
		case *ssa.MakeClosure:
			if ref.Fn != fn {
				return false
			}
		}
	}
	return true
}

// precedes reports whether a executes before b in all cases.
func precedes(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() {
		instrs := a.Block().Instrs
		return slices.Index(instrs, a) < slices.Index(instrs, b)
	}
	return a.Block().Dominates(b.Block())
}

// handsOn reports whether fn hands on what it has stored in the captured variable.
func handsOn(fn *ssa.Function, free *ssa.FreeVar, store *ssa.Store) bool {
	isNew := func(v ssa.Value) bool {
		if v == store.Val {
			return true
		}
		load, ok := v.(*ssa.UnOp)
		return ok && load.X == free && precedes(store, load)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && slices.ContainsFunc(call.Common().Args, isNew) && call.Value() != store.Val {
				return true
			}
		}
	}
	return false
}

// makes returns the instruction that makes the function literal.
func makes(fn *ssa.Function) *ssa.MakeClosure {
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			if mc, ok := instr.(*ssa.MakeClosure); ok && mc.Fn == fn {
				return mc
			}
		}
	}
	return nil
}

// calledAgain reports whether a function whose code is not known says by its name that it calls
// what it is given again and again: for each element, or whenever something happens.
func calledAgain(fn *types.Func) bool {
	for _, word := range []string{"On", "Subscribe", "QueueSubscribe", "Handle", "Consume", "Each", "ForEach", "Range", "Walk", "Iterate", "Visit",
		"Retry", "Every", "Watch", "Listen", "Poll", "Scan", "Receive"} {
		if rest, ok := strings.CutPrefix(fn.Name(), word); ok && lint.WordEnds(rest) {
			return true
		}
	}
	return false
}
