package poolalias

import (
	"go/types"

	"github.com/heapvet/heapvet/lint"
	"golang.org/x/tools/go/ssa"
)

// builtin executes a call of a builtin function.
func (x *explorer) builtin(fr *frame, st *state, instr ssa.CallInstruction, v ssa.Value, fn string, args []ssa.Value) {
	switch fn {
	case "len", "cap":
		if _, ok := args[0].Type().Underlying().(*types.Map); ok {
			x.use(fr, st, instr, args[0])
		}
	case "append":
		x.appends(fr, st, instr, v, args)
	case "copy", "clear", "delete", "print", "println", "min", "max":
		for _, arg := range args {
			x.use(fr, st, instr, arg)
		}
		if fn == "delete" || fn == "clear" {
			loc := x.mem(fr, st, args[0]) + "[]"
			if loc[0] != 'O' {
				st.forget(loc)
			}
		}
	case "String", "StringData", "SliceData", "Slice", "Add": // package unsafe
		if r, ok := x.refOf(fr, st, args[0]); ok && v != nil {
			r.str = r.str || fn == "String"
			st.held[x.key(fr, v)] = r
		}
	case "ssa:wrapnilchk":
		if v != nil {
			x.same(fr, st, v, args[0])
		}
	}
}

// appends executes append(args[0], args[1]...).
func (x *explorer) appends(fr *frame, st *state, instr ssa.CallInstruction, v ssa.Value, args []ssa.Value) {
	if v == nil || len(args) == 0 {
		return
	}
	k := x.key(fr, v)
	var kept []ref
	if len(args) > 1 {
		if r, ok := x.refOf(fr, st, args[1]); ok {
			x.use(fr, st, instr, args[1])
			if st.put == nil && lint.HoldsPointers(elem(args[1].Type())) && x.owned("O"+r.path+"[]", elem(args[1].Type())) {
				kept = append(kept, r)
			}
		} else {
			kept = st.within(x.mem(fr, st, args[1]) + "[]")
		}
	}
	r, ok := x.refOf(fr, st, args[0])
	if ok {
		x.use(fr, st, instr, args[0])
		st.held[k] = r
		return
	}
	x.same(fr, st, v, args[0])
	if len(kept) > 0 {
		st.held[k+"*[]"] = kept[0]
	}
}

func elem(t types.Type) types.Type {
	if s, ok := t.Underlying().(*types.Slice); ok {
		return s.Elem()
	}
	return types.Typ[types.Byte]
}
