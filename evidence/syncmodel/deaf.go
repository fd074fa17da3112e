package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// Deaf is a send of a goroutine that asks elsewhere in its loop whether the caller's context has ended:
// a caller who ends it, and receives no more, leaves the goroutine behind.
type Deaf struct {
	Send *ssa.Send
	Asks ssa.Instruction // a select, or a test of the context
}

// deaf returns the sends that wait for a receiver only, in goroutines of a function for other packages
// that should end with its context. Callers in the package are seen to, and know how they are meant.
func (f *feed) deaf() (found []*Deaf) {
	if !f.m.named(f.fn.Object()) || slices.ContainsFunc(f.m.sites[f.fn], func(site ssa.CallInstruction) bool { return !f.m.tests.Has(site.Pos()) }) {
		return nil
	}
	for _, send := range f.bare {
		at, start := f.round(send)
		if start == nil {
			continue
		}
		g := at.Parent()
		loops := f.m.loopsOf(g)
		around := loops[at.Block()].outermost()
		if around == nil && f.room > 0 {
			continue // there is room
		}
		act := f.m.startedBy(start, &activation{fn: f.fn})
		for _, b := range g.Blocks {
			if loops[b].outermost() != around {
				continue
			}
			for _, instr := range b.Instrs {
				if around != nil && f.endsWithCaller(instr, act) {
					found = append(found, &Deaf{send, instr})
				}
			}
		}
	}
	return found
}

// round returns what a goroutine of the function does to come to a send, the send itself or a call, and
// the instruction that starts the goroutine; nil if it is not known.
func (f *feed) round(send ssa.Instruction) (at ssa.Instruction, start ssa.CallInstruction) {
	at = send
	for range 3 {
		g := at.Parent()
		if start, ok := f.m.startIn(f.fn, g).(ssa.CallInstruction); ok {
			return at, start
		}
		sites := f.m.sites[g]
		if len(sites) != 1 || f.m.taken[g] {
			break
		}
		at = sites[0]
	}
	return nil, nil
}

// endsWithCaller reports whether an instruction leaves its loop when a context ends that the function is
// given, or one that ends with it: by a case of a select, or a test.
func (f *feed) endsWithCaller(instr ssa.Instruction, act *activation) bool {
	loops := f.m.loopsOf(instr.Parent())
	switch v := instr.(type) {
	case *ssa.Select:
		for i, st := range v.States {
			from := caseOf(v, i)
			if st.Dir != types.RecvOnly || from == nil || loops[from.Succs[0]] != nil {
				continue
			}
			if s := f.m.signal(v, st.Chan, act); s != nil && s.Context != nil && f.isCallers(s.Context, s.in) {
				return true
			}
		}
	case *ssa.If:
		cmp, ok := v.Cond.(*ssa.BinOp)
		if !ok || !lazyssa.IsNil(cmp.Y) || !slices.ContainsFunc(v.Block().Succs, func(to *ssa.BasicBlock) bool { return loops[to] == nil }) {
			return false
		}
		call, ok := cmp.X.(*ssa.Call)
		return ok && call.Call.IsInvoke() && call.Call.Method.Name() == "Err" && lint.IsNamed(call.Call.Value.Type(), "context", "Context") && f.isCallers(call.Call.Value, act)
	}
	return false
}

// isCallers reports whether a context is the one that the function is given, or ends with it.
func (f *feed) isCallers(ctx ssa.Value, in *activation) bool {
	for ctx, in = f.m.trace(ctx, in); ; ctx, in = f.m.trace(ctx, in) {
		if p, ok := ctx.(*ssa.Parameter); ok {
			return p.Parent() == f.fn
		}
		x, _ := ctx.(*ssa.Extract)
		if x == nil {
			return false
		}
		made, ok := x.Tuple.(*ssa.Call)
		if !ok || !lint.IsCancelable(lazyssa.Callee(made)) {
			return false
		}
		ctx = made.Call.Args[0]
	}
}
