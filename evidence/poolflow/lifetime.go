package poolflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// lifetimes looks at the objects that one function takes from a pool for its
// callers and another one, such as a method Close, puts back. Whatever happens
// in between, what the package only adds to and never clears is still there.
func (a *analyzer) lifetimes() {
	if len(a.options) > 0 {
		for _, pool := range a.flow.Pools {
			a.optionsOf(pool)
		}
	}
	for _, pool := range a.flow.Pools {
		a.offered(pool)
	}
	if len(a.sticky)+len(a.options) == 0 {
		return
	}
	for _, pool := range a.flow.Pools {
		slots := Fields(pool.Elem)
		var kept, options Slots
		for i, f := range slots {
			v := f.Var().Origin()
			if a.lazy[v] || a.filling[v] || a.keeps(v) {
				continue
			}
			if _, ok := a.sticky[v]; ok {
				kept |= slot(i)
			} else if _, ok := a.options[v]; ok && !a.setByAll(pool, v) {
				options |= slot(i)
			}
		}
		if kept|options == 0 {
			continue
		}
		a.shownOf(pool, kept)
		kept |= options
		put := a.leftAt(pool, &kept)
		get := a.staleAt(pool, &kept)
		if put == nil || get == nil || kept == 0 {
			continue
		}
		if put.Cleans|get.Cleans == 0 {
			kept &^= options // nothing of it is reset: that may be left to users
		}
		handsOut := a.handsOut(pool)
		for i, f := range slots {
			if v := f.Var().Origin(); handsOut && (kept & options).Has(i) && v.Exported() && a.setsSometimes(v) {
				get.Reads[i] = get.Call.Common().Pos() // others get to see it
				put.Dirty[i] = a.options[v]
			}
		}
		for _, fn := range a.prog.Funcs {
			for _, param := range fn.Params {
				if !types.Identical(param.Type(), pool.Elem) {
					continue
				}
				eff := a.summary(fn, param)
				if eff == nil {
					continue
				}
				for i, f := range slots {
					if at, ok := eff.readAt[i]; ok && (kept & (eff.reads | options&eff.mayReads)).Has(i) {
						if _, own := get.Reads[i]; !own {
							get.Reads[i] = at
						}
						put.Dirty[i] = a.sticky[f.Var().Origin()]
						if options.Has(i) {
							put.Dirty[i] = a.options[f.Var().Origin()]
						}
					}
				}
			}
		}
		if len(put.Dirty) > 0 {
			pool.Puts = append(pool.Puts, put)
		}
	}
}

// setByAll reports whether all functions of the package that use objects of a pool call the method that sets
// field v: it is no option then.
func (a *analyzer) setByAll(pool *Pool, v *types.Var) bool {
	set := make(map[*ssa.Function]bool)
	for _, fn := range a.prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok || !setter(st) || lazyssa.Field(st.Addr.(*ssa.FieldAddr)).Origin() != v {
					continue
				}
				for _, call := range a.calls(fn) {
					set[call.Parent()] = true
				}
			}
		}
	}
	users := 0
	for _, get := range pool.Gets {
		if len(a.acquired[get.Fn]) > 0 {
			continue
		}
		if users++; !set[get.Fn] {
			return false
		}
	}
	return users > 0
}

// setsSometimes reports whether a method of the package sets a field for some arguments only, and none
// begins with it in any case.
func (a *analyzer) setsSometimes(v *types.Var) (found bool) {
	for _, ref := range a.prog.UsesOf(v) {
		if st, ok := ref.(*ssa.Store); ok {
			if begins(st) {
				return false
			}
			found = found || setsForSome(st)
		}
	}
	return found
}

// offered looks for exported fields that some functions of the package set in what they return to
// their callers, and others return as they are, though the package resets other fields and nothing of
// it ever clears these: those who do not set them get to see what is there.
func (a *analyzer) offered(pool *Pool) {
	var stale, set Slots
	var get *Get
	slots := Fields(pool.Elem)
	for _, g := range pool.Gets {
		obj := g.Fn.Object()
		if obj == nil || !obj.Exported() || pool.Elem == nil {
			continue
		}
		for _, acq := range a.acquired[g.Fn] {
			if acq.pool.key != pool.Key || !types.Identical(acq.elem, pool.Elem) {
				continue
			}
			stale |= acq.state.may &^ acq.state.dirty
			set |= acq.state.dirty &^ acq.state.must
			if get == nil && acq.state.may&^acq.state.dirty != 0 {
				get = g
			}
		}
	}
	var kept Slots
	for i, f := range slots {
		v := f.Var().Origin()
		if (stale & set).Has(i) && v.Exported() && !a.cleared[v] && !a.lazy[v] && !a.filling[v] && !a.keeps(v) && a.assigned[v].IsValid() {
			kept |= slot(i)
		}
	}
	if kept == 0 || get == nil {
		return
	}
	put := a.leftAt(pool, &kept)
	if put == nil || kept == 0 || put.Cleans == 0 {
		return
	}
	for i, f := range slots {
		if kept.Has(i) {
			put.Dirty[i] = a.assigned[f.Var().Origin()]
			get.Reads[i] = get.Call.Common().Pos()
		}
	}
	pool.Puts = append(pool.Puts, put)
}

// shownOf looks for methods and functions that read what is in the slots kept: a user that
// gives the object to code out of sight with those as they were lets it call them.
func (a *analyzer) shownOf(pool *Pool, kept Slots) {
	var shown Slots
	for _, get := range pool.Gets {
		shown |= get.shown & kept
	}
	if shown == 0 {
		return
	}
	readAt := make(map[int]token.Pos)
	for _, fn := range a.prog.Funcs {
		if fn.Signature.Recv() == nil || !types.Identical(fn.Params[0].Type(), pool.Elem) {
			continue
		}
		eff := a.summary(fn, fn.Params[0])
		if eff == nil {
			continue
		}
		for i := range 64 {
			if at, ok := eff.readAt[i]; ok && (shown & eff.reads).Has(i) && !readAt[i].IsValid() {
				readAt[i] = at
			}
		}
	}
	for _, get := range pool.Gets {
		for i, at := range readAt {
			if _, ok := get.Reads[i]; !ok && (get.shown & kept).Has(i) {
				get.Reads[i] = at
			}
		}
	}
}

// optionsOf looks for optional fields that a function leaves unset in what it returns
// to its callers, who put it back somewhere as it is.
func (a *analyzer) optionsOf(pool *Pool) {
	slots := Fields(pool.Elem)
	var kept Slots
	for _, get := range pool.Gets {
		for i := range get.Reads {
			if i < len(slots) && a.options[slots[i].Var().Origin()].IsValid() {
				kept |= slot(i)
			}
		}
	}
	if kept == 0 {
		return
	}
	put := a.leftAt(pool, &kept)
	if put == nil || kept == 0 {
		return
	}
	for i, f := range slots {
		if kept.Has(i) {
			put.Dirty[i] = a.options[f.Var().Origin()]
		}
	}
	pool.Puts = append(pool.Puts, put)
}

// leftAt returns a Put of an object that its function was given, and drops from
// kept the slots that are not left as they are there.
func (a *analyzer) leftAt(pool *Pool, kept *Slots) *Put {
	var put *Put
	for _, fn := range a.prog.Funcs {
		for _, param := range fn.Params {
			eff := a.effects[root{fn, param}]
			if eff == nil || !types.Identical(param.Type(), pool.Elem) {
				continue
			}
			for _, p := range eff.puts {
				if p.pool.key != pool.Key || p.call == nil {
					continue
				}
				*kept &^= p.state.clean
				if put == nil && p.wrapper == nil {
					put = &Put{Fn: fn, Call: p.call, Dirty: make(map[int]token.Pos), Cleans: p.state.cleans}
				}
			}
		}
	}
	return put
}

// staleAt returns a Get whose object goes to the callers of its function, and
// drops from kept the slots that are assigned before it does.
func (a *analyzer) staleAt(pool *Pool, kept *Slots) *Get {
	for _, get := range pool.Gets {
		if get.Wrapper != nil {
			continue
		}
		for _, acq := range a.acquired[get.Fn] {
			if acq.pool.key == pool.Key && types.Identical(acq.elem, pool.Elem) {
				*kept &= acq.state.may
				return get
			}
		}
	}
	return nil
}

// holds looks for buffers that are kept in a field between Get and Put, where
// nothing in the package ever resets them.
func (a *analyzer) holds(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			for _, src := range a.sources(call) {
				if src.elem == nil || src.pool.key == "" || !isBuffer(src.elem) && !isBuffer(pointee(src.elem)) || !src.state.may.Has(0) {
					continue
				}
				if f := storedIn(src.object); f != nil {
					a.held(call, src, f)
				}
			}
		}
	}
}

func pointee(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// storedIn returns the field that an object is stored in, if that is all that
// happens to it.
func storedIn(object ssa.Value) *types.Var {
	refs := *object.Referrers()
	if len(refs) != 1 {
		return nil
	}
	switch ref := refs[0].(type) {
	case *ssa.TypeAssert:
		if !ref.CommaOk {
			return storedIn(ref)
		}
	case *ssa.Store:
		if fa, ok := ref.Addr.(*ssa.FieldAddr); ok && ref.Val == object && !lazyssa.Field(fa).Exported() {
			return lazyssa.Field(fa).Origin()
		}
	}
	return nil
}

// held judges all that the package does with what is in field f.
func (a *analyzer) held(call *ssa.Call, src source, f *types.Var) {
	var put *Put
	filled, read := token.NoPos, token.NoPos
	for fa, ref := range a.prog.UsesOf(f) {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != fa || !zero(ref.Val) && !a.pooled(ref.Val, src.pool) {
				return
			}
		case *ssa.UnOp:
			w := &walk{analyzer: a, fn: fa.Parent(), eff: new(effect), kind: buffer, elem: src.elem}
			for _, use := range *ref.Referrers() {
				switch u, p := w.heldUse(ref, use, src.pool); {
				case p != nil:
					put = p
				case u == fills:
					filled, read = use.Pos(), use.Pos()
				case u == reads:
					read = use.Pos()
				case u != nothing:
					return
				}
			}
		default:
			return
		}
	}
	if put == nil || !filled.IsValid() {
		return
	}
	pool := a.pool(src.pool, src.elem)
	put.Dirty = map[int]token.Pos{0: filled}
	pool.Puts = append(pool.Puts, put)
	for _, get := range pool.Gets {
		if get.Call == call {
			get.Reads[0] = read
		}
	}
}

// pooled reports whether v comes from the pool.
func (a *analyzer) pooled(v ssa.Value, from place) bool {
	v = lazyssa.Strip(v)
	if ta, ok := v.(*ssa.TypeAssert); ok {
		v = ta.X
	}
	call, ok := v.(*ssa.Call)
	return ok && slices.ContainsFunc(a.sources(call), func(src source) bool { return src.pool.key == from.key })
}

// heldUse judges what is done with a buffer loaded from a field; a Put is
// returned as such.
func (w *walk) heldUse(load *ssa.UnOp, instr ssa.Instruction, from place) (use, *Put) {
	switch instr := instr.(type) {
	case *ssa.DebugRef:
		return nothing, nil
	case *ssa.BinOp:
		if lazyssa.IsNil(instr.Y) || lazyssa.IsNil(instr.X) {
			return nothing, nil
		}
	case *ssa.MakeInterface:
		result := nothing
		for _, ref := range *instr.Referrers() {
			call, ok := ref.(ssa.CallInstruction)
			if !ok {
				return loses, nil
			}
			if isPoolMethod(call.Common(), "Put") && placeOf(call.Common().Args[0]).key == from.key {
				return nothing, &Put{Fn: w.fn, Call: call}
			}
			i := slices.Index(call.Common().Args, ssa.Value(instr))
			if i < 0 || w.modelled(call, i, load.Type()) != fills {
				return loses, nil
			}
			result = fills
		}
		return result, nil
	case ssa.CallInstruction:
		c := instr.Common()
		if c.Value == load {
			return bufferMethod(c.Method.Name(), c), nil
		}
		i := slices.Index(c.Args, ssa.Value(load))
		if i < 0 {
			break
		}
		if callee := c.StaticCallee(); callee != nil {
			fn, _ := callee.Object().(*types.Func)
			var eff *effect
			if local := w.local(callee); local != nil {
				eff = w.summary(local, local.Params[i])
			} else if f := w.wrapper(fn); f != nil {
				eff = f.effect(i)
			}
			if eff != nil && len(eff.puts) > 0 {
				if p := eff.puts[0]; p.state.clean.Has(0) || p.pool.at(instr).key != from.key {
					return loses, nil
				}
				return nothing, &Put{Fn: w.fn, Call: instr, Wrapper: fn}
			}
		}
		return w.modelled(instr, i, load.Type()), nil
	}
	return loses, nil
}
