package syncmodel

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// cargo is what carries a channel in a function: the channel, and the local variables and copies of
// structs that have it in a field.
type cargo struct{ values map[ssa.Value]bool }

func cargoOf(v ssa.Value) cargo {
	c := cargo{map[ssa.Value]bool{v: true}}
	work := []ssa.Value{v}
	add := func(v ssa.Value) {
		if !c.values[v] {
			c.values[v] = true
			work = append(work, v)
		}
	}
	for len(work) > 0 {
		v := work[0]
		work = work[1:]
		if v.Referrers() == nil {
			continue
		}
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Store:
				if a := localOf(ref.Addr); ref.Val == v && a != nil {
					add(a)
				}
			case *ssa.UnOp:
				if ref.Op == token.MUL && holdsChan(ref.Type()) {
					add(ref)
				}
			case *ssa.FieldAddr, *ssa.Field, *ssa.Phi, *ssa.ChangeType, *ssa.MakeInterface, *ssa.TypeAssert:
				if v := ref.(ssa.Value); holdsChan(v.Type()) {
					add(v)
				}
			case *ssa.Extract:
				if holdsChan(ref.Type()) {
					add(ref)
				}
			}
		}
	}
	return c
}

// kept reports whether it may be in a variable that outlives the round of a loop.
func (c cargo) kept() bool {
	for v := range c.values {
		if phi, ok := v.(*ssa.Phi); ok && inCycle(phi.Block()) {
			return true
		}
	}
	return false
}

// localOf returns the local variable that an address is of, or of a field of; nil if there is none.
func localOf(addr ssa.Value) *ssa.Alloc {
	for {
		switch x := addr.(type) {
		case *ssa.Alloc:
			return x
		case *ssa.FieldAddr:
			addr = x.X
		default:
			return nil
		}
	}
}

// holdsChan reports whether values of a type have a channel in them or point to one that has.
func holdsChan(t types.Type) bool {
	switch u := pointee(t).Underlying().(type) {
	case *types.Chan, *types.Interface:
		return true
	case *types.Struct:
		for f := range u.Fields() {
			if _, ok := f.Type().Underlying().(*types.Chan); ok {
				return true
			}
		}
	}
	return false
}

// gives reports whether an instruction lets somebody else have what carries the channel, answers
// or closes it. Of a select that is asked case by case.
func (c cargo) gives(instr ssa.Instruction) bool {
	switch v := instr.(type) {
	case *ssa.Store:
		return c.values[v.Val] && localOf(v.Addr) == nil
	case *ssa.UnOp, *ssa.FieldAddr, *ssa.Field, *ssa.Phi, *ssa.ChangeType, *ssa.MakeInterface, *ssa.TypeAssert, *ssa.Extract, *ssa.BinOp, *ssa.Select, *ssa.DebugRef:
		return false
	}
	for _, op := range instr.Operands(nil) {
		if *op != nil && c.values[*op] {
			return true
		}
	}
	return false
}

// givesIn reports whether a case of a select does.
func (c cargo) givesIn(st *ssa.SelectState) bool {
	return st.Dir == types.SendOnly && (c.values[st.Send] || c.values[st.Chan])
}

// reaches reports whether a way leads from behind an instruction to another without giving the cargo
// away. Tests of what the way itself has set go to one side.
func (c cargo) reaches(from, to ssa.Instruction, pass func(ssa.Instruction) bool) bool {
	return c.reachesFrom(from.Block(), nil, indexIn(from)+1, to, pass)
}

func (c cargo) reachesFrom(b, prev *ssa.BasicBlock, i int, to ssa.Instruction, pass func(ssa.Instruction) bool) bool {
	type step struct{ prev, b *ssa.BasicBlock }
	seen := make(map[step]bool)
	var visit func(b, prev *ssa.BasicBlock, i int) bool
	visit = func(b, prev *ssa.BasicBlock, i int) bool {
		for _, instr := range b.Instrs[i:] {
			if instr == to {
				return true
			}
			if !pass(instr) {
				return false
			}
		}
		for _, next := range c.after(b, prev) {
			if s := (step{b, next}); !seen[s] {
				seen[s] = true
				if visit(next, b, 0) {
					return true
				}
			}
		}
		return false
	}
	return visit(b, prev, i)
}

// after returns where a block goes on to that was entered from prev: not to the case of a select that gives the
// cargo away, nor where the channel is nil.
func (c cargo) after(b, prev *ssa.BasicBlock) []*ssa.BasicBlock {
	br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return b.Succs
	}
	switch cond := br.Cond.(type) {
	case *ssa.Phi:
		if k, ok := cond.Edges[max(0, slices.Index(b.Preds, prev))].(*ssa.Const); ok && k.Value != nil && cond.Block() == b && prev != nil {
			if constant.BoolVal(k.Value) {
				return b.Succs[:1]
			}
			return b.Succs[1:]
		}
	case *ssa.BinOp:
		if c.values[cond.X] && lazyssa.IsNil(cond.Y) {
			if cond.Op == token.EQL {
				return b.Succs[1:]
			}
			return b.Succs[:1]
		}
		x, ok := cond.X.(*ssa.Extract)
		if !ok || x.Index != 0 || cond.Op != token.EQL {
			break
		}
		sel, ok := x.Tuple.(*ssa.Select)
		k, isConst := cond.Y.(*ssa.Const)
		if ok && isConst && c.givesIn(sel.States[k.Int64()]) {
			return b.Succs[1:]
		}
	}
	return b.Succs
}

// sends returns the channel that an instruction sends the cargo to, and what comes first behind it; or nil.
func (c cargo) sends(instr ssa.Instruction) (ch ssa.Value, sent ssa.Instruction) {
	switch v := instr.(type) {
	case *ssa.Send:
		if c.values[v.X] {
			return v.Chan, v
		}
	case *ssa.Select:
		i := slices.IndexFunc(v.States, c.givesIn)
		if i < 0 || !c.values[v.States[i].Send] {
			break
		}
		if b := caseOf(v, i); b != nil {
			return v.States[i].Chan, b.Succs[0].Instrs[0]
		}
	}
	return nil, nil
}

func isSelect(instr ssa.Instruction) bool {
	_, ok := instr.(*ssa.Select)
	return ok
}

// returns reports whether a way leads from behind an instruction out of the function without the other.
func (c cargo) returns(from, without ssa.Instruction) bool {
	if from == without {
		return false
	}
	return slices.ContainsFunc(lazyssa.Returns(from.Parent()), func(ret *ssa.Return) bool {
		return c.reaches(from, ret, func(instr ssa.Instruction) bool { return instr != without })
	})
}

// answers reports whether a case of a select looks at the channel or the request.
func (c cargo) answers(sel *ssa.Select) bool {
	return slices.ContainsFunc(sel.States, func(st *ssa.SelectState) bool { return c.values[st.Chan] || st.Send != nil && c.values[st.Send] })
}

// asksKind reports whether a condition compares a part of the request with a constant, or is one.
func (c cargo) asksKind(cond ssa.Value) bool {
	part := func(v ssa.Value) bool {
		return lazyssa.Mentions(v, 5, func(v ssa.Value) bool { return c.values[v] })
	}
	switch v := cond.(type) {
	case *ssa.BinOp:
		_, x := v.X.(*ssa.Const)
		_, y := v.Y.(*ssa.Const)
		return x && part(v.Y) || y && part(v.X)
	case *ssa.UnOp:
		return part(v.X)
	case *ssa.Extract:
		if a, ok := v.Tuple.(*ssa.TypeAssert); ok {
			return part(a.X)
		}
	}
	return false
}
