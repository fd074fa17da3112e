package syncmodel

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// enter goes on to a block.
func (w *lockWalk) enter(s *lockState, to *ssa.BasicBlock) {
	from := s.block
	edge := slices.Index(to.Preds, from)
	type news struct {
		atom       int
		val, known bool
	}
	var after []news
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		w.anew(s, phi)
		if w.sh.coarse || edge < 0 {
			continue
		}
		switch {
		case lint.IsBool(phi.Type()):
			if a, flip, ok := w.l.atom(w.sh, phi); ok && w.sh.uses[a] > 0 {
				val, known := w.truth(s, phi.Edges[edge])
				after = append(after, news{a, val != flip, known})
			}
		case canBeNil(phi.Type()):
			if a := w.l.nilAtom(w.sh, phi); w.sh.uses[a] > 0 {
				val, known := w.isNil(s, phi.Edges[edge])
				after = append(after, news{a, val, known})
			}
		}
	}
	if to.Dominates(from) { // a round is over
		for i := range s.held {
			if to.Dominates(s.held[i].At.Block()) {
				s.held[i].Round = true
			}
		}
		s.facts = slices.DeleteFunc(s.facts, func(f lockFact) bool {
			v, ok := w.sh.made[f.atom].(ssa.Instruction)
			return ok && to.Dominates(v.Block())
		})
	}
	for _, n := range after {
		if n.known {
			s.setFact(n.atom, n.val)
		} else {
			s.dropFact(n.atom)
		}
	}
	if !w.sh.coarse && edge >= 0 {
		w.firstRound(s, to, edge)
	}
	s.block, s.idx = to, 0
	w.work = append(w.work, s)
}

// firstRound decides the test of a loop that counts from a constant, when it is entered.
func (w *lockWalk) firstRound(s *lockState, to *ssa.BasicBlock, edge int) {
	br, ok := to.Instrs[len(to.Instrs)-1].(*ssa.If)
	if !ok {
		return
	}
	cond, ok := br.Cond.(*ssa.BinOp)
	if !ok || cond.Block() != to {
		return
	}
	phi, ok := cond.X.(*ssa.Phi)
	limit, ok2 := cond.Y.(*ssa.Const)
	if !ok || !ok2 || phi.Block() != to {
		return
	}
	start, ok := phi.Edges[edge].(*ssa.Const)
	if !ok || start.Value == nil || limit.Value == nil || start.Value.Kind() != constant.Int || limit.Value.Kind() != constant.Int {
		return
	}
	switch cond.Op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		if a, flip, ok := w.l.atom(w.sh, cond); ok {
			s.setFact(a, constant.Compare(start.Value, cond.Op, limit.Value) != flip)
		}
	}
}

func canBeNil(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Slice, *types.Map, *types.Signature, *types.Chan:
		return !lint.IsTypeParam(t)
	}
	return false
}

// truth tells whether a condition is known.
func (w *lockWalk) truth(s *lockState, v ssa.Value) (val, known bool) {
	if c, ok := v.(*ssa.Const); ok {
		if c.Value == nil || c.Value.Kind() != constant.Bool {
			return false, false
		}
		return constant.BoolVal(c.Value), true
	}
	if w.sh.coarse {
		return false, false
	}
	a, flip, ok := w.l.atom(w.sh, v)
	if !ok {
		return false, false
	}
	if val, known = s.fact(a); !known {
		val, known = w.sh.implied(s, a)
	}
	return val != flip, known
}

// isNil tells whether a value is known to be nil, or not to be.
func (w *lockWalk) isNil(s *lockState, v ssa.Value) (val, known bool) {
	switch v := v.(type) {
	case *ssa.Const:
		return v.IsNil(), true
	case *ssa.MakeInterface, *ssa.Alloc, *ssa.FieldAddr, *ssa.MakeClosure, *ssa.Function, *ssa.Global, *ssa.MakeChan, *ssa.MakeMap, *ssa.MakeSlice:
		return false, true
	case *ssa.UnOp:
		if g, ok := v.X.(*ssa.Global); ok && lint.IsError(lint.Deref(g.Type())) {
			return false, true // a package's errors are not nil
		}
	case *ssa.Call:
		if fn := v.Call.StaticCallee(); fn != nil && (lint.IsFunc(fn.Object(), "errors", "New") || lint.IsFunc(fn.Object(), "fmt", "Errorf")) {
			return false, true
		}
	}
	if w.sh.coarse {
		return false, false
	}
	return s.fact(w.l.nilAtom(w.sh, v))
}

// branch follows the sides of a condition that the state allows.
func (w *lockWalk) branch(s *lockState, v *ssa.If) {
	if val, known := w.truth(s, v.Cond); known {
		i := 1
		if val {
			i = 0
		}
		w.enter(s, s.block.Succs[i])
		return
	}
	a, flip, ok := w.l.atom(w.sh, v.Cond)
	for i, to := range slices.Backward(s.block.Succs) {
		t := s
		if i > 0 {
			t = s.clone()
		}
		if ok && !w.sh.coarse && (w.sh.uses[a] > 1 || w.sh.bounds[w.sh.limits[a].of] > 1) {
			t.setFact(a, (i == 0) != flip)
		}
		w.enter(t, to)
	}
}

// store keeps up with conditions that are in memory.
func (w *lockWalk) store(s *lockState, st *ssa.Store) {
	if w.sh.coarse || len(w.sh.atoms) == 0 || !lint.IsBool(st.Val.Type()) && !canBeNil(st.Val.Type()) {
		return
	}
	name := w.l.m.stableName(st.Addr, 8)
	if name == "" {
		return
	}
	name = "*" + name
	if a, ok := w.sh.atoms[atomKey{name, 'v', ""}]; ok {
		if val, known := w.truth(s, st.Val); known {
			s.setFact(a, val)
		} else {
			s.dropFact(a)
		}
	}
	if a, ok := w.sh.atoms[atomKey{name, 'n', ""}]; ok {
		if val, known := w.isNil(s, st.Val); known {
			s.setFact(a, val)
		} else {
			s.dropFact(a)
		}
	}
}
