package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// answersSome reports whether some closes are those of all that a map has, on one way, and on another of
// those only which an answer names that is got from elsewhere. The map is nobody else's.
func (m *Model) answersSome(closes []*Op) bool {
	var all, some ssa.Value
	for _, op := range closes {
		l := m.loopsOf(op.Fn)[op.Instr.Block()]
		if of := answered(op, l); of != nil {
			some = of
		} else if m.eachOf(op) != nil {
			all = l.container()
		} else {
			return false
		}
	}
	return some != nil && some == all && m.takenOut(some, 3)
}

// answered returns the map in which a channel is found by what a loop over the answer of a call, that
// may fail and has not been given the map, goes through; nil if it is not found so.
func answered(op *Op, l *loop) ssa.Value {
	if l == nil {
		return nil
	}
	x, ok := l.container().(*ssa.Extract)
	if !ok {
		return nil
	}
	call, ok := x.Tuple.(*ssa.Call)
	if !ok {
		return nil
	}
	res := call.Call.Signature().Results()
	for v := op.Object; v != nil; v = derivation(v) {
		if look, ok := v.(*ssa.Lookup); ok && l.body[look.Block()] && lint.IsError(res.At(res.Len()-1).Type()) && !slices.Contains(call.Call.Args, look.X) {
			return look.X
		}
	}
	return nil
}

// container returns what a loop ranges over; nil if that is not known.
func (l *loop) container() ssa.Value {
	switch l.header.Comment {
	case "rangeiter.loop":
		for _, instr := range l.header.Instrs {
			if next, ok := instr.(*ssa.Next); ok {
				return next.Iter.(*ssa.Range).X
			}
		}
	case "rangeindex.loop":
		br, ok := l.header.Instrs[len(l.header.Instrs)-1].(*ssa.If)
		if !ok {
			return nil
		}
		if cmp, ok := br.Cond.(*ssa.BinOp); ok {
			if length, ok := cmp.Y.(*ssa.Call); ok && isLen(length) {
				return length.Call.Args[0]
			}
		}
	}
	return nil
}

func isLen(call *ssa.Call) bool {
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "len"
}

// takenOut reports whether a value is in no field any more: another has been put there where it was
// taken from.
func (m *Model) takenOut(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	switch x := v.(type) {
	case *ssa.Parameter:
		fn := x.Parent()
		i := slices.Index(fn.Params, x)
		return len(m.sites[fn]) > 0 && !m.taken[fn] && !m.named(fn.Object()) && !slices.ContainsFunc(m.sites[fn], func(site ssa.CallInstruction) bool {
			return !m.takenOut(site.Common().Args[i], depth-1)
		})
	case *ssa.Call:
		fn := x.Call.StaticCallee()
		return fn != nil && m.inside(fn) && fn.Signature.Results().Len() == 1 && m.returnsTaken(origin(fn), depth-1)
	case *ssa.UnOp:
		fa, ok := x.X.(*ssa.FieldAddr)
		if !ok {
			return false
		}
		m.indexFields()
		return slices.ContainsFunc(m.fieldStores[m.fieldOf(fa.X.Type(), fa.Field)], func(st *ssa.Store) bool { return st.Parent() == x.Parent() })
	}
	return false
}

func (m *Model) returnsTaken(fn *ssa.Function, depth int) bool {
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && !m.takenOut(ret.Results[0], depth) {
			return false
		}
	}
	return true
}
