package syncmodel

import (
	"go/constant"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A SpoiledEnd is a function that alone can end a goroutine, and that does so once only: it may fail
// before that, and does not try it again.
type SpoiledEnd struct {
	Gate *Gate
	End  *Op // the close that ends the goroutine
	Bar  ssa.Instruction
	Ret  *ssa.Return // that is come to without it
}

// SpoiledEnds returns the functions that may spoil the only end of a goroutine.
func (m *Model) SpoiledEnds() (found []*SpoiledEnd) {
	gates := m.Gates()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, g := range gates {
		if len(g.Waits) != 1 || g.Waits[0].Chan == nil {
			continue
		}
		c := m.node(g.Waits[0].Chan)
		if c.outside&(MaySend|MayClose) != 0 || c.Has(Send) || c.Has(Measure) {
			continue
		}
		closes := m.lifted(c, slices.DeleteFunc(slices.Clone(c.ops), func(op *Op) bool { return op.Kind != Close }))
		if fns := functions(closes); len(fns) == 1 {
			if bar, ret := m.spoils(c, fns[0], closes); ret != nil && !m.asksWhetherStarted(ret, g.Go.Parent()) {
				found = append(found, &SpoiledEnd{g, closes[0], bar, ret})
			}
		}
	}
	return found
}

// spoils returns what keeps a function from being run a second time, and a return for an error that is come
// to from there without the closes.
func (m *Model) spoils(c *Class, fn *ssa.Function, closes []*Op) (ssa.Instruction, *ssa.Return) {
	w := m.wayOut(c, closes, m.above(closes))
	w.fails = true
	if slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool { return slices.ContainsFunc(b.Instrs, w.defers) }) {
		return nil, nil
	}
	if once := m.onceOf(fn); once != nil {
		if m.renewed(once) {
			return nil, nil
		}
		return fn.Blocks[0].Instrs[0], w.find(fn.Blocks[0], 0)
	}
	for _, b := range fn.Blocks {
		for i, instr := range b.Instrs {
			from, at := b, i+1
			switch v := instr.(type) {
			case *ssa.Store:
				if !m.bars(v) {
					continue
				}
			case *ssa.Call:
				if from, at = m.barred(v), 0; from == nil {
					continue
				}
			default:
				continue
			}
			if ret := w.find(from, at); ret != nil && w.met {
				return instr, ret
			}
		}
	}
	return nil, nil
}

// renewed reports whether another Once is put where one is.
func (m *Model) renewed(once ssa.Value) bool {
	fa, ok := once.(*ssa.FieldAddr)
	if !ok {
		fa = lazyssa.FieldLoaded(once)
	}
	if fa == nil {
		return false
	}
	m.indexFields()
	return slices.ContainsFunc(m.fieldStores[m.fieldOf(fa.X.Type(), fa.Field)], func(st *ssa.Store) bool { return !m.setsUp(st) })
}

// asksWhetherStarted reports whether a return is come to because of what the function sets that starts a
// goroutine: there may be none to end.
func (m *Model) asksWhetherStarted(ret *ssa.Return, starts *ssa.Function) bool {
	m.indexFields()
	for cond := range lazyssa.Conditions(ret.Block()) {
		if !aboutError(cond) && lazyssa.Mentions(cond, 4, func(v ssa.Value) bool {
			fa, ok := v.(*ssa.FieldAddr)
			return ok && slices.ContainsFunc(m.fieldStores[m.fieldOf(fa.X.Type(), fa.Field)], func(st *ssa.Store) bool { return st.Parent() == starts })
		}) {
			return true
		}
	}
	return false
}

// bars reports whether a store sets a flag for good of which the function has asked before
// whether it is set, in order to return then.
func (m *Model) bars(st *ssa.Store) bool {
	fa, ok := st.Addr.(*ssa.FieldAddr)
	if !ok || !m.once(m.fieldOf(fa.X.Type(), fa.Field)) {
		return false
	}
	for d := st.Block().Idom(); d != nil; d = d.Idom() {
		br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		flag, out := flagOf(br)
		if flag != nil && flag.Field == fa.Field && m.object(flag.X) == m.object(fa.X) && d.Succs[1-out].Dominates(st.Block()) {
			_, returns := d.Succs[out].Instrs[len(d.Succs[out].Instrs)-1].(*ssa.Return)
			return returns
		}
	}
	return false
}

// barred returns where a function goes on with an atomic flag that it has set, the only one to do so
// and for good; nil if a call does not do that.
func (m *Model) barred(call *ssa.Call) *ssa.BasicBlock {
	if !setsAtomic(call) || len(*call.Referrers()) != 1 {
		return nil
	}
	fa, ok := call.Call.Args[0].(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	for _, use := range m.ssa.UsesOf(lazyssa.Field(fa).Origin()) {
		c, ok := use.(*ssa.Call)
		if !ok || !setsAtomic(c) && !(c.Call.StaticCallee() != nil && lint.IsMethod(c.Call.StaticCallee().Object(), "sync/atomic", "Bool", "Load")) {
			return nil
		}
	}
	won := 0
	if call.Call.StaticCallee().Name() == "Swap" {
		won = 1
	}
	use := (*call.Referrers())[0]
	if not, ok := use.(*ssa.UnOp); ok && len(*not.Referrers()) == 1 {
		use, won = (*not.Referrers())[0], 1-won
	}
	br, ok := use.(*ssa.If)
	if !ok || len(br.Block().Succs[won].Preds) != 1 {
		return nil
	}
	return br.Block().Succs[won]
}

// setsAtomic reports whether a call sets an atomic flag and tells whether it was set before.
func setsAtomic(call *ssa.Call) bool {
	fn := call.Call.StaticCallee()
	return fn != nil && lint.IsMethod(fn.Object(), "sync/atomic", "Bool", "CompareAndSwap", "Swap") && isTrue(call.Call.Args[len(call.Call.Args)-1])
}

// isTrue reports whether a value is the constant true.
func isTrue(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.Bool && constant.BoolVal(c.Value)
}
