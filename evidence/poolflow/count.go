package poolflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// counter reports whether a store only adds a constant to slot i, or restores it.
func (w *walk) counter(i int, in *ssa.Store) bool {
	v := in.Val
	if op, ok := v.(*ssa.BinOp); ok && (op.Op == token.ADD || op.Op == token.SUB) && isConst(op.Y) {
		v = op.X
	}
	load, ok := v.(*ssa.UnOp)
	return ok && (w.field(load.X) == i || w.kind == fields && saved(load.X, w.slots[i].Var()))
}

// gains reports whether a store adds an amount to slot i, which nobody ever clears.
func (w *walk) gains(i int, in *ssa.Store) bool {
	f := w.slots[i].Var().Origin()
	_, ok := w.sticky[f]
	return ok && sums(in.Val, f)
}

// mixes reports whether v is nothing but bits of the object itself, none of them this user's, put together in
// other ways than by sums.
func (w *walk) mixes(st *state, v ssa.Value) bool {
	mixed := false
	var own func(v ssa.Value, depth int) bool
	own = func(v ssa.Value, depth int) bool {
		if depth == 0 {
			return false
		}
		switch v := v.(type) {
		case *ssa.Const:
			return true
		case *ssa.Convert:
			return own(v.X, depth-1)
		case *ssa.UnOp:
			if v.Op == token.MUL {
				i := w.field(v.X)
				return i >= 0 && !st.dirty.Has(i)
			}
			return own(v.X, depth-1)
		case *ssa.BinOp:
			switch v.Op {
			case token.ADD, token.SUB:
			case token.XOR, token.SHL, token.SHR, token.MUL, token.AND, token.OR:
				mixed = true
			default:
				return false
			}
			return own(v.X, depth-1) && own(v.Y, depth-1)
		case *ssa.Call:
			fn := lazyssa.Callee(v)
			if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "math/bits" {
				return false
			}
			mixed = true
			return !slices.ContainsFunc(v.Call.Args, func(arg ssa.Value) bool { return !own(arg, depth-1) })
		}
		return false
	}
	if !own(v, 12) {
		return false
	}
	_, moved := v.(*ssa.UnOp)
	b, ok := v.Type().Underlying().(*types.Basic)
	return mixed || moved && ok && b.Info()&types.IsUnsigned != 0
}

// adds reports whether v is what slot i held and an amount: it is as stale as that was.
func (w *walk) adds(i int, v ssa.Value) bool {
	op, ok := v.(*ssa.BinOp)
	return ok && op.Op == token.ADD && (w.loads(op.X, i) || w.loads(op.Y, i))
}

// saved reports whether the variable at addr only ever holds what was in field f.
func saved(addr ssa.Value, f *types.Var) bool {
	if fv, ok := addr.(*ssa.FreeVar); ok {
		addr = lazyssa.Binding(fv)
	}
	alloc, ok := addr.(*ssa.Alloc)
	if !ok {
		return false
	}
	stored := false
	for _, ref := range *alloc.Referrers() {
		if st, ok := ref.(*ssa.Store); ok {
			if loaded(st.Val) != f.Origin() {
				return false
			}
			stored = true
		}
	}
	return stored
}

// tally reports whether a store counts events of this one user in slot i: in a
// loop after the Get, by code that never counts down.
func (w *walk) tally(i int, in *ssa.Store) bool {
	if w.start == nil || w.kind != fields || w.computed[w.slots[i].Var().Origin()] || isConst(in.Val) || !w.counter(i, in) {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{w.start.Block(): true}
	var again func(b *ssa.BasicBlock) bool
	again = func(b *ssa.BasicBlock) bool {
		for _, s := range b.Succs {
			if s == in.Block() {
				return true
			}
			if !seen[s] {
				seen[s] = true
				if again(s) {
					return true
				}
			}
		}
		return false
	}
	if in.Block() == w.start.Block() || !again(in.Block()) {
		return false
	}
	// A number that is taken as it goes by is an identity, not a count.
	for _, b := range w.fn.Blocks {
		for _, instr := range b.Instrs {
			load, ok := instr.(*ssa.UnOp)
			if !ok || !w.loads(load, i) {
				continue
			}
			for _, ref := range *load.Referrers() {
				sum, ok := ref.(*ssa.BinOp)
				if ok && (restored(sum, w, i) || limited(sum)) {
					continue
				}
				clear(seen)
				seen[w.start.Block()] = true
				if b == in.Block() || again(b) {
					return false
				}
			}
		}
	}
	return true
}

// limited reports whether a number is only compared with a limit.
func limited(op *ssa.BinOp) bool {
	switch op.Op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		return isConst(op.X) || isConst(op.Y)
	}
	return false
}

// cursors notes the fields that say how far a user has come in something that
// was given to this user: unlike other numbers, they mean nothing to the next one.
func (a *analyzer) cursors(fn *ssa.Function) {
	note := func(index, of ssa.Value) {
		load, ok := index.(*ssa.UnOp)
		f, g := loaded(index), loaded(of)
		if !ok || f == nil || g == nil || !a.given[g] {
			return
		}
		from, of2 := load.X.(*ssa.FieldAddr), of.(*ssa.UnOp).X.(*ssa.FieldAddr)
		if from.X == of2.X {
			a.cursor[f] = true
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.IndexAddr:
				note(instr.Index, instr.X)
			case *ssa.Index:
				note(instr.Index, instr.X)
			case *ssa.Lookup:
				note(instr.Index, instr.X)
			case *ssa.Slice:
				note(instr.Low, instr.X)
			}
		}
	}
}
