package poolflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// survey notes what concerns the package as a whole: New functions and fields
// that are filled only where code finds them unset.
func (a *analyzer) survey(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if lookup, ok := instr.(*ssa.Lookup); ok && memoizes(fn, lookup.X) {
				a.lazy[loaded(lookup.X)] = true
			}
			st, ok := instr.(*ssa.Store)
			if !ok {
				continue
			}
			if cut, ok := st.Val.(*ssa.Slice); ok && cut.High != nil && !zero(cut.High) {
				if f := loaded(cut.X); f != nil {
					a.lazy[f] = true // a stack, or scratch space
				}
			}
			if fa, ok := st.Addr.(*ssa.FieldAddr); ok && lint.IsNamed(lint.Deref(fa.X.Type()), "sync", "Pool") && fieldOf(fa).Name() == "New" {
				if p := placeOf(fa.X); p.key != "" {
					a.news[p.key] = describeNew(st.Val)
				}
			}
		}
		if len(b.Instrs) == 0 {
			continue
		}
		if cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
			a.surveyLazy(cond)
		}
	}
}

// loaded returns the field that v is the value of, or nil.
func loaded(v ssa.Value) *types.Var {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		if fa, ok := load.X.(*ssa.FieldAddr); ok {
			return fieldOf(fa).Origin()
		}
	}
	return nil
}

// memoizes reports whether fn, which looks something up in the map field m,
// also inserts into it: that is a cache, whose content is to stay.
func memoizes(fn *ssa.Function, m ssa.Value) bool {
	f := loaded(m)
	if f == nil {
		return false
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if up, ok := instr.(*ssa.MapUpdate); ok && loaded(up.Map) == f {
				return true
			}
		}
	}
	return false
}

func (a *analyzer) surveyLazy(cond *ssa.If) {
	tested := make(map[*types.Var]bool)
	visit(cond.Cond, 4, func(v ssa.Value) {
		if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
			if fa, ok := load.X.(*ssa.FieldAddr); ok {
				tested[fieldOf(fa).Origin()] = true
			}
		}
	})
	if len(tested) == 0 {
		return
	}
	for _, succ := range cond.Block().Succs {
		for _, instr := range succ.Instrs {
			if st, ok := instr.(*ssa.Store); ok {
				if fa, ok := st.Addr.(*ssa.FieldAddr); ok && tested[fieldOf(fa).Origin()] && !zero(st.Val) {
					a.lazy[fieldOf(fa).Origin()] = true
				}
			}
		}
	}
}

// visit calls f for v and the operands it is computed from.
func visit(v ssa.Value, depth int, f func(ssa.Value)) {
	if v == nil {
		return
	}
	f(v)
	instr, ok := v.(ssa.Instruction)
	if !ok || depth == 0 {
		return
	}
	for _, op := range instr.Operands(nil) {
		visit(*op, depth-1, f)
	}
}

// describeNew looks into the function that a pool's New is set to.
func describeNew(v ssa.Value) New {
	var fn *ssa.Function
	switch v := v.(type) {
	case *ssa.Function:
		fn = v
	case *ssa.MakeClosure:
		fn = v.Fn.(*ssa.Function)
	}
	if fn == nil || len(fn.Blocks) != 1 {
		return New{}
	}
	ret, ok := fn.Blocks[0].Instrs[len(fn.Blocks[0].Instrs)-1].(*ssa.Return)
	if !ok || len(ret.Results) != 1 {
		return New{}
	}
	return New{Known: true, Empty: isEmpty(strip(ret.Results[0]))}
}

func isEmpty(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.MakeMap:
		return true
	case *ssa.MakeSlice:
		return zero(v.Len)
	case *ssa.Slice:
		return emptied(v)
	case *ssa.Const:
		return v.Value == nil
	case *ssa.Call:
		return lint.IsFunc(callee(v), "bytes", "NewBuffer") && (isEmpty(v.Call.Args[0]) || zero(v.Call.Args[0]))
	case *ssa.Alloc:
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.MakeInterface, *ssa.Return, *ssa.DebugRef:
			case *ssa.Store:
				if ref.Addr != v || !isEmpty(ref.Val) {
					return false
				}
			default:
				return false
			}
		}
		return true
	}
	return false
}

func callee(call ssa.CallInstruction) types.Object {
	if fn := call.Common().StaticCallee(); fn != nil {
		return fn.Object()
	}
	return nil
}
