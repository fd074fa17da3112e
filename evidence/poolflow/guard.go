package poolflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// guarded says under which conditions a block runs.
type guarded int

const (
	always    guarded = iota // only loops, errors, and the value in question decide
	sometimes                // other conditions, which have nothing to do with the object
	dependent                // another part of the object says whether the value counts
)

// guard judges the conditions of a block that reads slot i.
func (w *walk) guard(b *ssa.BasicBlock, i int) guarded {
	g := always
	for _, cond := range w.conditions(b) {
		if cond.Block() == b {
			continue // it has run by then
		}
		if w.start != nil && (!w.start.Block().Dominates(cond.Block())) {
			continue // decided before the object was there
		}
		c := w.condition(cond.Cond, i)
		if (c == sometimes || c == dependent && !w.several(i)) && isLoopHead(cond.Block()) {
			c = always // a loop is taken to run
		}
		if c == dependent && w.ownNil(i) {
			c = sometimes
		}
		g = max(g, c)
	}
	return g
}

// several reports whether slot i holds any number of values, of which another part
// of the object may say how many count.
func (w *walk) several(i int) bool {
	if w.kind != fields || i >= len(w.slots) {
		return true
	}
	switch t := w.slots[i].Var().Type().Underlying().(type) {
	case *types.Slice, *types.Array:
		return true
	case *types.Map:
		return !holdsKeys(t) // a set says itself what is in it
	}
	return lint.IsString(w.slots[i].Var().Type())
}

// payload reports whether all of the slots hold bytes, which say nothing of other parts.
func (w *walk) payload(m Slots) bool {
	for i, f := range w.slots {
		if m.Has(i) && !lint.IsBytes(f.Var().Type()) {
			return false
		}
	}
	return true
}

// ownNil reports whether slot i says by itself whether it counts: it holds a function, a pointer or an
// interface value.
func (w *walk) ownNil(i int) bool {
	if w.kind != fields || i >= len(w.slots) {
		return false
	}
	switch w.slots[i].Var().Type().Underlying().(type) {
	case *types.Signature, *types.Pointer, *types.Interface, *types.Chan:
		return true
	}
	return false
}

func (w *walk) condition(cond ssa.Value, i int) guarded {
	if ext, ok := cond.(*ssa.Extract); ok {
		switch t := ext.Tuple.(type) {
		case *ssa.Next:
			return always
		case *ssa.TypeAssert:
			if w.is(t.X) {
				return always
			}
		}
	}
	if op, ok := cond.(*ssa.BinOp); ok && (op.Op == token.EQL || op.Op == token.NEQ) {
		if lint.IsError(op.X.Type()) && lazyssa.IsNil(op.Y) || lazyssa.IsNil(op.Y) && w.is(op.X) {
			return always
		}
	}
	g := sometimes
	seen := make(map[ssa.Value]bool)
	var look func(v ssa.Value, depth int)
	look = func(v ssa.Value, depth int) {
		if v == nil || seen[v] || depth > 10 {
			return
		}
		seen[v] = true
		if f := w.within(v); f != 0 {
			if !f.Has(i) {
				if !w.payload(f) {
					g = dependent
				}
			} else if g == sometimes {
				g = always
			}
			return
		}
		if w.is(v) || w.cells[v] {
			if w.kind == fields {
				g = dependent
			}
			return
		}
		if call, ok := v.(*ssa.Call); ok && slices.ContainsFunc(call.Call.Args, func(arg ssa.Value) bool { return w.group(arg) != 0 }) {
			g = dependent // what a function says of the part of the object that it was given
			return
		}
		if instr, ok := v.(ssa.Instruction); ok {
			for _, op := range instr.Operands(nil) {
				look(*op, depth+1)
			}
		}
	}
	look(cond, 0)
	return g
}

// conditions returns the conditions that decide whether b runs.
func (a *analyzer) conditions(b *ssa.BasicBlock) []*ssa.If {
	ifs, ok := a.guards[b]
	if !ok && a.fuel > 0 {
		ifs = controllers(b)
		a.guards[b] = ifs
		a.fuel -= (len(ifs) + 1) * len(b.Parent().Blocks)
	}
	return ifs
}

// controllers returns the conditions that decide whether control reaches target,
// directly or by way of each other. Panics do not count as a way out, and what leads to
// an error that ends the way does not decide about it.
func controllers(target *ssa.BasicBlock) []*ssa.If {
	var ifs []*ssa.If
	leads := map[*ssa.BasicBlock]bool{target: true} // from which control may come to target
	for back := []*ssa.BasicBlock{target}; len(back) > 0; {
		b := back[len(back)-1]
		back = back[:len(back)-1]
		for _, p := range b.Preds {
			if !leads[p] {
				leads[p] = true
				back = append(back, p)
			}
		}
	}
	ends := make(map[*ssa.BasicBlock]bool)
	for _, b := range target.Parent().Blocks {
		if bad := failure(b); bad != nil && leads[b] && b != target && !leads[bad] {
			ends[b] = true
			ifs = append(ifs, b.Instrs[len(b.Instrs)-1].(*ssa.If))
		}
	}
	done := map[*ssa.BasicBlock]bool{target: true}
	work := []*ssa.BasicBlock{target}
	for len(work) > 0 {
		x := work[0]
		work = work[1:]
		avoid := avoiding(x, ends)
		for _, d := range x.Parent().Blocks {
			if d == x || done[d] || ends[d] || !avoid[d.Index] || len(d.Succs) != 2 {
				continue
			}
			for _, succ := range d.Succs {
				if succ == x || !avoid[succ.Index] && reaches(succ) {
					done[d] = true
					work = append(work, d)
					if cond, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If); ok {
						ifs = append(ifs, cond)
					}
					break
				}
			}
		}
	}
	return ifs
}

// avoiding returns the blocks, by index, from which the function can return without
// running x. At those that ends has there is no error.
func avoiding(x *ssa.BasicBlock, ends map[*ssa.BasicBlock]bool) []bool {
	avoid := make([]bool, len(x.Parent().Blocks))
	var back func(b *ssa.BasicBlock)
	back = func(b *ssa.BasicBlock) {
		if b == x || avoid[b.Index] {
			return
		}
		avoid[b.Index] = true
		for _, p := range b.Preds {
			if !ends[p] || failure(p) != b {
				back(p)
			}
		}
	}
	for _, b := range x.Parent().Blocks {
		if len(b.Instrs) > 0 {
			if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && b != x.Parent().Recover {
				back(b)
			}
		}
	}
	return avoid
}

// failure returns where control goes from b because there is an error, nil if b does not ask for one.
func failure(b *ssa.BasicBlock) *ssa.BasicBlock {
	if len(b.Instrs) == 0 {
		return nil
	}
	test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return nil
	}
	cond, ok := test.Cond.(*ssa.BinOp)
	if !ok || !lint.IsError(cond.X.Type()) || !lazyssa.IsNil(cond.Y) {
		return nil
	}
	if cond.Op == token.EQL {
		return b.Succs[1]
	}
	return b.Succs[0]
}

// reaches reports whether the function can go on from b to a return at all.
func reaches(b *ssa.BasicBlock) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	var fwd func(b *ssa.BasicBlock) bool
	fwd = func(b *ssa.BasicBlock) bool {
		if seen[b] {
			return false
		}
		seen[b] = true
		if len(b.Instrs) > 0 {
			if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
				return true
			}
		}
		for _, s := range b.Succs {
			if fwd(s) {
				return true
			}
		}
		return false
	}
	return fwd(b)
}

// deciders returns the slots whose own value decides whether b runs: an object
// that is put back only if it has that value brings its next user no surprise.
func (w *walk) deciders(b *ssa.BasicBlock) (m Slots) {
	for _, test := range w.conditions(b) {
		cond := test.Cond
		if op, ok := cond.(*ssa.BinOp); ok && isConst(op.Y) {
			cond = op.X
		}
		if load, ok := cond.(*ssa.UnOp); ok {
			if i := w.field(load.X); i >= 0 {
				m |= slot(i)
			}
		}
	}
	return m
}

// bypasses reports whether control goes to succ because there is no function,
// or no method of the object, to be called on it: which may be its reset.
func (w *walk) bypasses(b, succ *ssa.BasicBlock) bool {
	test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || b.Succs[0] == b.Succs[1] {
		return false
	}
	if w.bare {
		return false
	}
	switch cond := test.Cond.(type) {
	case *ssa.Extract:
		ta, ok := cond.Tuple.(*ssa.TypeAssert)
		return ok && w.kind == opaque && w.is(ta.X) && types.IsInterface(ta.AssertedType) && succ == b.Succs[1]
	case *ssa.BinOp:
		if !lazyssa.IsNil(cond.Y) || (cond.Op == token.NEQ) != (succ == b.Succs[1]) {
			return false
		}
		other := b.Succs[0]
		if succ == other {
			other = b.Succs[1]
		}
		for _, instr := range other.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if ok && slices.ContainsFunc(call.Common().Args, w.is) && same(call.Common().Value, cond.X) {
				return true
			}
		}
	}
	return false
}

// unused reports whether a reset returns without a word where control goes to
// succ because of what the object holds: there is nothing in it to be cleared.
func (w *walk) unused(b, succ *ssa.BasicBlock) bool {
	if w.start != nil || !ResetName(w.fn.Name()) || len(b.Succs) != 2 {
		return false
	}
	for _, instr := range succ.Instrs {
		switch instr.(type) {
		case *ssa.Return, *ssa.RunDefers, *ssa.DebugRef:
		default:
			return false
		}
	}
	test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || len(succ.Succs) != 0 {
		return false
	}
	if op, ok := test.Cond.(*ssa.BinOp); ok && lazyssa.IsNil(op.Y) && w.is(op.X) {
		return true // there is no object at all
	}
	return w.condition(test.Cond, 64) == dependent // 64 is no slot's number
}

// same reports whether two values are the same variable's.
func same(x, y ssa.Value) bool {
	if x == y {
		return true
	}
	a, ok := x.(*ssa.UnOp)
	b, ok2 := y.(*ssa.UnOp)
	return ok && ok2 && a.Op == token.MUL && b.Op == token.MUL && (a.X == b.X || loaded(a) != nil && loaded(a) == loaded(b))
}

// emptyOn returns the slot that was tested at the end of b and is known to be
// empty where control goes to succ, or -1.
func (w *walk) emptyOn(b, succ *ssa.BasicBlock) int {
	test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || b.Succs[0] == b.Succs[1] {
		return -1
	}
	cond, holds := test.Cond, succ == b.Succs[0]
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		cond, holds = not.X, !holds
	}
	empty := holds
	if op, ok := cond.(*ssa.BinOp); ok {
		if !zero(op.Y) {
			return -1
		}
		cond = op.X
		switch op.Op {
		case token.EQL, token.LEQ:
		case token.NEQ, token.GTR:
			empty = !holds
		default:
			return -1
		}
		if call, ok := cond.(*ssa.Call); ok {
			if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
				cond = call.Call.Args[0]
			}
		}
	} else {
		empty = !holds // a bool
	}
	if load, ok := cond.(*ssa.UnOp); ok && load.Op == token.MUL && empty {
		return w.field(load.X)
	}
	return -1
}
