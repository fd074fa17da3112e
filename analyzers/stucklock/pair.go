package stucklock

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// pairs reports functions that lock two objects of one type in the order of their
// parameters, where callers pass the same two either way.
func (f *finder) pairs() {
	for _, ev := range f.locks.Events() {
		for _, h := range ev.Held {
			if ev.Lock == nil || ev.Weak || h.Read && ev.Read {
				continue
			}
			if !h.Lock.SameFields(ev.Lock) || len(ev.Held) > 1 || len(f.locks.Entry(ev.Fn)) > 0 || !f.locks.Concurrent(ev.Fn, ev.Fn) {
				continue // one goroutine at a time
			}
			i, j := parameter(h.Lock, ev.Fn), parameter(ev.Lock, ev.Fn)
			if i < 0 && j < 0 && f.locks.Chosen(h.Lock.Root(), ev.Lock.Root()) {
				f.reportPair(ev, h, nil)
				continue
			}
			if i < 0 || j < 0 || i == j || compared(ev.First(), ev.Fn.Params[i], ev.Fn.Params[j]) {
				continue
			}
			calls := f.locks.Swapped(ev.Fn, i, j)
			if len(calls) == 0 && !f.all && (h.Read || ev.Read || !f.anyOrder(ev.Fn, i, j)) {
				continue
			}
			f.reportPair(ev, h, calls)
		}
	}
}

// parameter returns which parameter of fn a lock is reached from.
func parameter(lock *syncmodel.Place, fn *ssa.Function) int {
	p, ok := lock.Root().(*ssa.Parameter)
	if !ok {
		return -1
	}
	return slices.Index(fn.Params, p)
}

// compared reports whether a condition before an instruction compares two objects, as to
// lock the lesser one first.
func compared(at ssa.Instruction, x, y ssa.Value) bool {
	b := at.Block()
	for d := b.Idom(); d != nil; d = d.Idom() {
		br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if op, ok := br.Cond.(*ssa.BinOp); ok && (op.Op == token.EQL || op.Op == token.NEQ) {
			if _, isConst := op.Y.(*ssa.Const); !isConst {
				continue // that they are two objects says nothing of their order
			}
		}
		of := func(x ssa.Value) bool {
			return lazyssa.Mentions(br.Cond, 7, func(v ssa.Value) bool { return v == x })
		}
		if of(x) && of(y) {
			return true
		}
	}
	return false
}

// anyOrder reports whether callers that are not known may well pass two objects in both
// orders: what the function does to one of them it does to the other, and the objects are
// no parts of each other, which gives them an order.
func (f *finder) anyOrder(fn *ssa.Function, i, j int) bool {
	if fn.Object() == nil || !fn.Object().Exported() || f.pass.Pkg.Name() == "main" || len(f.model.Sites(fn)) > 0 || linked(fn.Params[i].Type()) {
		return false
	}
	other := changes(fn.Params[j])
	return slices.ContainsFunc(changes(fn.Params[i]), func(field int) bool { return slices.Contains(other, field) })
}

// linked reports whether objects of a type lead to others of it, as in a tree or a list.
func linked(t types.Type) bool {
	st, ok := lint.Deref(t).Underlying().(*types.Struct)
	if !ok {
		return true
	}
	for field := range st.Fields() {
		leads := field.Type()
		switch u := leads.Underlying().(type) {
		case *types.Slice:
			leads = u.Elem()
		case *types.Map:
			leads = u.Elem()
		case *types.Interface:
			if !u.Empty() && types.Implements(t, u) {
				return true
			}
		}
		if types.Identical(lint.Deref(leads), lint.Deref(t)) {
			return true
		}
	}
	return false
}

// changes returns the fields of an object that its function sets, or puts something into.
func changes(object ssa.Value) (fields []int) {
	for _, ref := range *object.Referrers() {
		fa, ok := ref.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, use := range *fa.Referrers() {
			switch use := use.(type) {
			case *ssa.Store:
				if use.Addr == fa {
					fields = append(fields, fa.Field)
				}
			case *ssa.UnOp:
				if slices.ContainsFunc(*use.Referrers(), func(ref ssa.Instruction) bool { return changesMap(ref, use) }) {
					fields = append(fields, fa.Field)
				}
			}
		}
	}
	return fields
}

// changesMap reports whether an instruction puts something into a map or takes it out.
func changesMap(instr ssa.Instruction, m ssa.Value) bool {
	switch v := instr.(type) {
	case *ssa.MapUpdate:
		return v.Map == m
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "delete"
	}
	return false
}

func (f *finder) reportPair(ev *syncmodel.LockEvent, h syncmodel.Hold, calls []ssa.CallInstruction) {
	rel := []analysis.RelatedInformation{{Pos: h.At.Pos(), Message: h.Lock.String() + " is taken here"}}
	why := "a caller that passes the two the other way round"
	switch len(calls) {
	case 1:
		why = "the call on " + f.line(calls[0].Pos()) + " passes any two elements, in both orders, and"
	case 2:
		why = fmt.Sprintf("%s and %s pass the two in both orders, and", f.line(calls[0].Pos()), f.line(calls[1].Pos()))
	}
	for _, call := range calls {
		rel = append(rel, analysis.RelatedInformation{Pos: call.Pos(), Message: "passes them here"})
	}
	can := "two goroutines can wait for each other for ever"
	if len(calls) == 0 {
		can = "and this one can wait for each other for ever"
	}
	rel = append(rel, f.calls(ev.Chain)...)
	first, second := h.Lock.String(), ev.Lock.String()
	if first == second {
		first, second = "that of another", "the "+second+" of one element"
	}
	f.report(ev.First(), lockOrder, fmt.Sprintf("this %s waits for %s while %s is held since %s; %s %s: lock them in an order of their own, as by an id",
		taker(ev.First(), ev.Read), second, first, f.line(h.At.Pos()), why, can), nil, rel...)
}
