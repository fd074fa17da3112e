package poolflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// sticky is about unexported fields that code of the package only adds to, by
// append, by inserts or in sums, or sets to true or to an error, and that nothing ever clears: whatever an object goes through,
// what is in them stays there. The position is that of such a store.
type sticky map[*types.Var]token.Pos

// stickies finds those fields. Whoever takes the address of a field, or
// assigns structs as a whole, may clear it out of sight.
func (a *analyzer) stickies() (set, fed sticky) {
	set, fed = make(sticky), make(sticky)
	never := make(map[*types.Var]bool)
	apart := takenApart(a.prog.Funcs)
	for _, fn := range a.prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					if st, ok := instr.Val.Type().Underlying().(*types.Struct); ok && !taken(instr.Addr) {
						whole(st, never)
					}
				case *ssa.FieldAddr:
					f := lazyssa.Field(instr).Origin()
					if isBuffer(f.Type()) {
						pos, ok := feeds(instr)
						if !ok || f.Exported() {
							never[f] = true
						} else if pos.IsValid() {
							fed[f] = pos
						}
						continue
					}
					pos, ok := grows(instr, f, a.isNew(instr.X))
					switch {
					case !ok && apart(instr.X) && !f.Exported() && !f.Embedded():
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
		delete(fed, f)
	}
	return set, fed
}

// isNew reports whether v is an object that its function makes, or gets from callers that do,
// each of them, as a method that decodes one.
func (a *analyzer) isNew(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Alloc:
		return true
	case *ssa.Parameter:
		calls, i := a.calls(v.Parent()), slices.Index(v.Parent().Params, v)
		return len(calls) > 0 && !slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool { return !a.made(c.Common().Args[i]) })
	}
	return false
}

// made reports whether v is an object that its function makes, or another one for it.
func (a *analyzer) made(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Alloc:
		return true
	case *ssa.Call:
		callee := v.Call.StaticCallee()
		if callee == nil || a.local(callee) == nil {
			return false
		}
		for _, b := range a.local(callee).Blocks {
			if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
				if _, ok := ret.Results[0].(*ssa.Alloc); !ok {
					return false
				}
			}
		}
		return true
	}
	return false
}

// feeds reports whether a buffer at an address is only written to and read, and
// where it becomes the target of another writer.
func feeds(addr *ssa.FieldAddr) (pos token.Pos, ok bool) {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.MakeInterface:
			if !lint.IsNamed(ref.Type(), "io", "Writer") {
				return pos, false
			}
			pos = ref.Pos()
			if !pos.IsValid() {
				pos = addr.Pos()
			}
		case ssa.CallInstruction:
			fn, isFunc := lazyssa.Callee(ref).(*types.Func)
			if !isFunc || fn.Signature().Recv() == nil || ref.Common().Args[0] != addr {
				return pos, false
			}
			switch bufferMethod(fn.Name(), ref.Common()) {
			case fills, reads, nothing:
			default:
				if fn.Name() != "Len" {
					return pos, false
				}
			}
		default:
			return pos, false
		}
	}
	return pos, true
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

// grows reports whether all that is done with a field is to read it and to add
// to it, and where the latter happens to an object that is not new.
func grows(addr *ssa.FieldAddr, f *types.Var, created bool) (token.Pos, bool) {
	pos := token.NoPos
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.UnOp:
			if ref.Op != token.MUL {
				return pos, false
			}
			at, ok := onlyRead(ref)
			if !ok {
				return pos, false
			}
			if at.IsValid() {
				pos = at
			}
		case *ssa.Store:
			switch {
			case ref.Addr != addr:
				return pos, false
			case created:
			case isTrue(ref.Val), extends(ref.Val, f), sums(ref.Val, f), lint.IsError(f.Type()) && !zero(ref.Val) && !outcome(ref):
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

// outcome reports whether a store puts what a call returns in its place, whether that has
// failed or not.
func outcome(st *ssa.Store) bool {
	val := st.Val
	if ext, ok := val.(*ssa.Extract); ok {
		val = ext.Tuple
	}
	_, ok := val.(*ssa.Call)
	return ok && !lazyssa.IsFailure(val) && !ifAny(st)
}

// onlyRead reports whether a loaded slice is not cut for storing elsewhere and a
// loaded map goes nowhere to be emptied, and where something is inserted into the map.
func onlyRead(load *ssa.UnOp) (pos token.Pos, ok bool) {
	for _, ref := range *load.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Slice:
			return pos, false
		case *ssa.MapUpdate:
			if ref.Map == load {
				pos = ref.Pos()
			}
		case *ssa.Lookup, *ssa.Range, *ssa.DebugRef:
		case *ssa.Call:
			if b, ok := ref.Call.Value.(*ssa.Builtin); isMap(load) && (!ok || b.Name() != "len") {
				return pos, false
			}
		default:
			if isMap(load) {
				return pos, false
			}
		}
	}
	return pos, true
}

// sums reports whether v is the field itself and an amount: computed, or larger
// than one, by which generations grow.
func sums(v ssa.Value, f *types.Var) bool {
	op, ok := v.(*ssa.BinOp)
	if !ok || op.Op != token.ADD || loaded(op.X) != f && loaded(op.Y) != f {
		return false
	}
	c, ok := op.Y.(*ssa.Const)
	return !ok || c.Value != nil && c.Value.Kind() == constant.Int && constant.Compare(c.Value, token.GTR, constant.MakeInt64(1))
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
	old, kept := *st, w.optional(st)
	st.lose(all)
	st.dirty |= kept
	for i, f := range w.slots {
		if _, ok := w.options[f.Var().Origin()]; ok {
			st.may |= old.may & slot(i)
			if !f.Var().Exported() {
				st.clean = st.clean&^slot(i) | old.clean&slot(i) // nobody else can clear it either
			}
		}
		pos, ok := w.sticky[f.Var().Origin()]
		if !ok || w.skip.Has(i) {
			continue
		}
		kept |= slot(i)
		st.dirty |= slot(i)
		if _, ok := w.eff.dirtAt[i]; !ok && w.record {
			w.eff.dirtAt[i] = pos
		}
	}
	st.may |= old.may & kept
	st.must |= old.must & kept
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
		v := f.Var().Origin()
		if pos, ok := a.sticky[v]; ok && !a.lazy[v] && !a.filling[v] && !mentionsField(fn, v) {
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
