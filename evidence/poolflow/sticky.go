package poolflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// sticky is about unexported fields that code of the package sets to true or
// appends to, and that nothing ever clears: whatever an object goes through,
// what is in them stays there. The position is that of such a store.
type sticky map[*types.Var]token.Pos

// stickies finds those fields. Whoever takes the address of a field, or
// assigns structs as a whole, may clear it out of sight.
func stickies(fns []*ssa.Function) sticky {
	set := make(sticky)
	never := make(map[*types.Var]bool)
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					if st, ok := instr.Val.Type().Underlying().(*types.Struct); ok {
						if _, local := instr.Addr.(*ssa.Alloc); !local {
							whole(st, never)
						}
					}
				case *ssa.FieldAddr:
					f := fieldOf(instr).Origin()
					pos, ok := grows(instr, f)
					switch {
					case !ok || f.Exported() || f.Embedded():
						never[f] = true
					case pos.IsValid():
						set[f] = pos
					}
				}
			}
		}
	}
	for f := range never {
		delete(set, f)
	}
	return set
}

// whole notes that the fields of st are assigned at once.
func whole(st *types.Struct, never map[*types.Var]bool) {
	for f := range st.Fields() {
		never[f.Origin()] = true
		if inner, ok := f.Type().Underlying().(*types.Struct); ok {
			whole(inner, never)
		}
	}
}

// grows reports whether all that is done with a field is to read it, to set it
// to true and to append to it, and where the latter happens.
func grows(addr *ssa.FieldAddr, f *types.Var) (token.Pos, bool) {
	_, created := addr.X.(*ssa.Alloc)
	pos := token.NoPos
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.UnOp:
			if ref.Op != token.MUL || !onlyRead(ref) {
				return pos, false
			}
		case *ssa.Store:
			switch {
			case ref.Addr != addr:
				return pos, false
			case created:
			case isTrue(ref.Val), extends(ref.Val, f):
				pos = ref.Pos()
			default:
				return pos, false
			}
		default:
			return pos, false
		}
	}
	return pos, true
}

// onlyRead reports whether a loaded slice or bool is not cut for storing elsewhere.
func onlyRead(load *ssa.UnOp) bool {
	for _, ref := range *load.Referrers() {
		if _, ok := ref.(*ssa.Slice); ok {
			return false
		}
	}
	return true
}

// extends reports whether v is what append makes of the field itself.
func extends(v ssa.Value, f *types.Var) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "append" && loaded(call.Call.Args[0]) == f
}

// unknown means that code out of sight has the object: it may have cleared
// all but what nobody clears.
func (w *walk) unknown(st *state) {
	old, kept := *st, Slots(0)
	st.lose(all)
	for i, f := range w.slots {
		pos, ok := w.sticky[f.Var().Origin()]
		if !ok || w.skip.Has(i) {
			continue
		}
		kept |= slot(i)
		if _, ok := w.eff.dirtAt[i]; !ok && w.record {
			w.eff.dirtAt[i] = pos
		}
	}
	st.may |= old.may & kept
	st.must |= old.must & kept
	st.dirty |= kept
	st.clean &^= kept
	st.full |= w.growing()
}

// found records the Put of an object that came another way than from a Get in
// sight, such as through a channel: with what nobody ever clears.
func (a *analyzer) found(fn *ssa.Function, call ssa.CallInstruction, object ssa.Value, p place) {
	switch object := object.(type) {
	case *ssa.UnOp:
		if object.Op != token.ARROW {
			return
		}
	case *ssa.Extract:
		switch object.Tuple.(type) {
		case *ssa.UnOp, *ssa.Select:
		default:
			return
		}
	default:
		return
	}
	dirty := make(map[int]token.Pos)
	for i, f := range Fields(object.Type()) {
		if pos, ok := a.sticky[f.Var().Origin()]; ok && !a.lazy[f.Var().Origin()] && !mentionsField(fn, f.Var().Origin()) {
			dirty[i] = pos
		}
	}
	if len(dirty) > 0 {
		pool := a.pool(p, object.Type())
		pool.Puts = append(pool.Puts, &Put{Fn: fn, Call: call, Dirty: dirty})
	}
}

// mentionsField reports whether a condition in fn depends directly on field f.
func mentionsField(fn *ssa.Function, f *types.Var) bool {
	for _, b := range fn.Blocks {
		if len(b.Instrs) == 0 {
			continue
		}
		cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		found := false
		visit(cond.Cond, 4, func(v ssa.Value) { found = found || loaded(v) == f })
		if found {
			return true
		}
	}
	return false
}
