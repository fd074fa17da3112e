package poolalias

import (
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// step executes an instruction that is neither a call nor the end of a block. It
// reports whether the path goes on.
func (x *explorer) step(fr *frame, st *state, instr ssa.Instruction) bool {
	v, isValue := instr.(ssa.Value)
	if _, ok := instr.(*ssa.Phi); ok {
		return true // took its value on the way in
	}
	switch in := instr.(type) {
	case *ssa.Alloc:
		k := x.key(fr, in)
		st.forget(k)
		if c, ok := zeroOf(lint.Deref(in.Type())); ok {
			st.consts[k+"*"] = c
		}
	case *ssa.ChangeType:
		x.same(fr, st, in, in.X)
	case *ssa.ChangeInterface:
		x.same(fr, st, in, in.X)
	case *ssa.MakeInterface:
		x.same(fr, st, in, in.X)
	case *ssa.SliceToArrayPointer:
		x.same(fr, st, in, in.X)
	case *ssa.Convert:
		x.convert(fr, st, in)
	case *ssa.TypeAssert:
		x.same(fr, st, in, in.X)
		if in.CommaOk {
			k := x.key(fr, in)
			st.assign(k+"#0", k)
			if pointing(in.AssertedType) {
				st.points(k+"#0", x.mem(fr, st, in.X))
			}
			if r, ok := st.held[k]; ok {
				st.held[k+"#0"] = r
			}
		}
	case *ssa.Extract:
		k := x.key(fr, in)
		st.forget(k)
		st.assign(k, x.key(fr, in.Tuple)+"#"+strconv.Itoa(in.Index))
	case *ssa.Slice:
		x.slice(fr, st, in)
	case *ssa.UnOp:
		x.unop(fr, st, in)
	case *ssa.BinOp:
		st.forget(x.key(fr, in))
		if b, ok := in.X.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
			x.use(fr, st, in, in.X)
			x.use(fr, st, in, in.Y)
		}
	case *ssa.Field:
		k := x.key(fr, in)
		st.forget(k)
		st.assign(k, x.key(fr, in.X)+"."+in.X.Type().Underlying().(*types.Struct).Field(in.Field).Name())
	case *ssa.Index:
		x.use(fr, st, in, in.X)
		st.forget(x.key(fr, in))
		st.assign(x.key(fr, in), x.key(fr, in.X)+"[]")
	case *ssa.Lookup:
		x.use(fr, st, in, in.X)
		x.element(fr, st, in, in.X, in.CommaOk, 0)
	case *ssa.Range:
		x.use(fr, st, in, in.X)
		x.same(fr, st, in, in.X)
	case *ssa.Next:
		x.use(fr, st, in, in.Iter)
		if rng, ok := in.Iter.(*ssa.Range); ok {
			x.element(fr, st, in, rng.X, true, 2)
		}
	case *ssa.Store:
		return x.store(fr, st, in)
	case *ssa.MapUpdate:
		x.use(fr, st, in, in.Map)
		loc := x.mem(fr, st, in.Map) + "[]"
		x.into(fr, st, in, loc, in.Value)
		if len(x.reach(fr, st, in.Key)) > 0 {
			x.into(fr, st, in, loc, in.Key)
		}
	case *ssa.Send:
		x.sends(fr, st, in, in.X)
	case *ssa.Select:
		st.forget(x.key(fr, in))
		if chosen(in) {
			break // the branches tell
		}
		for _, s := range in.States {
			if s.Dir == types.SendOnly {
				x.sends(fr, st, in, s.Send)
			}
		}
	case *ssa.Go:
		return x.starts(fr, st, in, &in.Call)
	case *ssa.Defer:
		st.postpone(deferred{fr, in})
	case *ssa.MakeClosure:
		x.closure(fr, st, in)
	default:
		if isValue {
			switch instr.(type) {
			case *ssa.FieldAddr, *ssa.IndexAddr:
				if v == x.root.value { // of the next element
					st.forget(x.key(fr, v))
				}
			default:
				st.forget(x.key(fr, v))
			}
		}
	}
	return true
}

// zeroOf returns the constant that a new variable of type t holds.
func zeroOf(t types.Type) (string, bool) {
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature, *types.Interface:
		if _, ok := types.Unalias(t).(*types.TypeParam); ok {
			return "", false
		}
		return "nil", true
	case *types.Basic:
		switch {
		case u.Info()&types.IsBoolean != 0:
			return "false", true
		}
	}
	return "", false
}

// same makes v the same value as from.
func (x *explorer) same(fr *frame, st *state, v, from ssa.Value) {
	k, old := x.key(fr, v), x.key(fr, from)
	m := x.mem(fr, st, from)
	r, ok := x.refOf(fr, st, from)
	if k == old {
		return
	}
	st.forget(k)
	st.assign(k, old)
	if pointing(v.Type()) {
		st.points(k, m)
	}
	if ok {
		st.held[k] = r
	}
	if c, ok := constOf(from); ok && c != "nil" {
		st.consts[k] = c
	}
}

// convert makes a string a copy of bytes and the reverse; pointers stay the same.
func (x *explorer) convert(fr *frame, st *state, in *ssa.Convert) {
	if isPointer(in.Type()) && isPointer(in.X.Type()) {
		x.same(fr, st, in, in.X)
		return
	}
	switch in.X.Type().Underlying().(type) {
	case *types.Slice:
		x.use(fr, st, in, in.X)
	case *types.Basic:
		if _, ok := in.Type().Underlying().(*types.Slice); ok {
			x.use(fr, st, in, in.X)
		} else if lint.IsString(in.Type()) && lint.IsString(in.X.Type()) {
			x.same(fr, st, in, in.X)
			return
		}
	}
	st.forget(x.key(fr, in))
}

func isPointer(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return true
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	}
	return false
}

// pointing reports whether values of type t point to memory.
func pointing(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Interface, *types.Signature:
		return true
	}
	return isPointer(t)
}

func (x *explorer) slice(fr *frame, st *state, in *ssa.Slice) {
	if fa, ok := in.X.(*ssa.FieldAddr); ok { // an array within the object
		if path, ok := inObject(x.mem(fr, st, fa)); ok {
			st.forget(x.key(fr, in))
			st.held[x.key(fr, in)] = ref{path: path}
			return
		}
	}
	x.same(fr, st, in, in.X)
}

// unop loads from memory, or receives from a channel.
func (x *explorer) unop(fr *frame, st *state, in *ssa.UnOp) {
	k := x.key(fr, in)
	if in.Op == token.ARROW {
		st.forget(k)
		x.receives(st, in.X)
		return
	}
	if in.Op != token.MUL {
		st.forget(k)
		return
	}
	if path, ok := x.touches(fr, st, in.X); ok {
		x.used(fr, st, in, ref{path: path})
	}
	loc := x.loc(fr, st, in.X)
	st.forget(k)
	st.assign(k, loc)
	if _, ok := st.alias[k]; !ok && pointing(in.Type()) && loc[0] != 'O' {
		st.points(k, loc+"*")
	}
	if _, ok := st.held[k]; ok {
		if lint.IsString(in.Type()) {
			r := st.held[k]
			r.str = true
			st.held[k] = r
		}
		return
	}
	if path, ok := inObject(loc); ok && path != "" && !st.detached(path) && x.owned(loc, in.Type()) {
		st.held[k] = ref{path: path}
		return
	}
	if t := reinterpreted(in); t != nil {
		if r, ok := x.refOf(fr, st, in.X); ok && !st.detached(r.path) && x.owned("O"+r.path, t) {
			st.held[k] = ref{path: r.path, str: true}
		}
	}
}

// reinterpreted returns the type of the bytes that a load takes for a string, nil if
// it does not.
func reinterpreted(load *ssa.UnOp) types.Type {
	if !lint.IsString(load.Type()) {
		return nil
	}
	v := load.X
	for {
		c, ok := v.(*ssa.Convert)
		if !ok {
			break
		}
		v = c.X
	}
	if t := lint.Deref(v.Type()); v != load.X && lint.IsBytes(t) {
		return t
	}
	return nil
}

// chosen reports whether branches tell which case of a select was chosen.
func chosen(sel *ssa.Select) bool {
	for _, ref := range *sel.Referrers() {
		ext, ok := ref.(*ssa.Extract)
		if !ok || ext.Index != 0 {
			continue
		}
		for _, use := range *ext.Referrers() {
			if op, ok := use.(*ssa.BinOp); ok && len(*op.Referrers()) > 0 {
				return true
			}
		}
	}
	return false
}

// element loads an element of a map.
func (x *explorer) element(fr *frame, st *state, v ssa.Value, container ssa.Value, tuple bool, i int) {
	k := x.key(fr, v)
	loc := x.mem(fr, st, container) + "[]"
	st.forget(k)
	if tuple {
		k += "#" + strconv.Itoa(i)
	}
	st.assign(k, loc)
}

// store assigns to a variable.
func (x *explorer) store(fr *frame, st *state, in *ssa.Store) bool {
	if path, ok := x.touches(fr, st, in.Addr); ok {
		x.used(fr, st, in, ref{path: path})
	}
	x.into(fr, st, in, x.loc(fr, st, in.Addr), in.Val)
	return true
}

// into stores a value in the variable loc.
func (x *explorer) into(fr *frame, st *state, in ssa.Instruction, loc string, val ssa.Value) {
	direct := st.of(x.key(fr, val))
	refs := x.reach(fr, st, val)
	r, isRef := x.refOf(fr, st, val)
	weak := len(loc) > 2 && loc[len(loc)-2:] == "[]"
	path, inside := inObject(loc)
	if inside && !st.returned(path) {
		replace(st, path, val, refs)
	} else if !inside && x.handedOut(fr, st, loc) {
		x.replaceAny(st, val, refs)
	}
	if !weak {
		st.forget(loc)
		for c := range st.conds {
			if strings.Contains(c, loc) {
				delete(st.conds, c)
			}
		}
	}
	if c, ok := constOf(val); ok && c[0] != '\'' {
		st.consts[loc] = c
	}
	st.learn(loc, direct)
	if pointing(val.Type()) {
		st.points(loc, x.mem(fr, st, val))
	}
	if isRef {
		st.held[loc] = r
	}
	if len(refs) > 0 && !inside && x.outlives(fr, loc) && !(refs[0].path == "" && x.installs(loc)) {
		st.kept[loc] = x.event(fr, in, refs[0])
	}
}

// installs reports whether a store puts the object itself, or what wraps it, in the place of a
// reader, a writer or the like of another package, such as the body of a request.
// It is there for the time of a call.
func (x *explorer) installs(loc string) bool {
	f := x.fields[loc]
	return f != nil && f.Pkg() != x.pass.Pkg && types.IsInterface(f.Type())
}

// replace notes that a part of the object gets other memory: what was there
// before is not put back with it.
func replace(st *state, path string, val ssa.Value, keep []ref) {
	if len(keep) == 1 && within(keep[0].path, path) {
		return
	}
	switch val.Type().Underlying().(type) {
	case *types.Slice, *types.Map, *types.Pointer, *types.Interface, *types.Struct, *types.Array, *types.Signature:
	default:
		return
	}
	st.lose(path, keep)
}

// handedOut reports whether a variable is one that a pointer leads to which a method of the
// object returned: a part of the object, though it is not known which.
func (x *explorer) handedOut(fr *frame, st *state, loc string) bool {
	r := root(loc)
	call, ok := x.values[r].(*ssa.Call)
	if !ok || !strings.HasPrefix(r, fr.id+"%") || strings.Contains(loc, "[]") || !isPointer(call.Type()) {
		return false
	}
	args := arguments(&call.Call)
	if _, _, obj := x.callee(fr, st, &call.Call); obj == nil || obj.Signature().Recv() == nil || len(args) == 0 {
		return false
	}
	recv, ok := x.refOf(fr, st, args[0])
	return ok && recv.path == "" && !st.returned("")
}

// replaceAny notes that some part of the object gets other memory: it may be the one
// that a method has returned before, if that is of the same type.
func (x *explorer) replaceAny(st *state, val ssa.Value, keep []ref) {
	for k, r := range maps.Clone(st.held) {
		v := x.values[root(k)]
		if v == nil || r.path == "" {
			continue
		}
		t := v.Type()
		switch v.(type) {
		case *ssa.Alloc:
			k, t = strings.TrimSuffix(k, "*"), lint.Deref(t)
		case *ssa.Call, *ssa.Extract:
		default:
			continue // it was seen which part that is
		}
		if k == root(k) && types.Identical(t, val.Type()) {
			replace(st, r.path, val, keep)
		}
	}
}

// lose notes that a part of the object is not where it was.
func (s *state) lose(path string, keep []ref) {
	s.gone[path] = true
	maps.DeleteFunc(s.held, func(_ string, h ref) bool {
		return within(h.path, path) && h.path != "" && !slices.ContainsFunc(keep, func(r ref) bool { return within(h.path, r.path) })
	})
}

// outlives reports whether a variable may be there after the function returned.
func (x *explorer) outlives(fr *frame, loc string) bool {
	r := root(loc)
	if call, ok := x.values[r].(*ssa.Call); ok {
		_, _, obj := x.callee(fr, newState(), &call.Call)
		return getter(obj, call)
	}
	return r[0] == '@' || x.foreign[r]
}

// closure notes which variables a function literal captures.
func (x *explorer) closure(fr *frame, st *state, mc *ssa.MakeClosure) {
	k := x.key(fr, mc)
	st.forget(k)
	lit := literal{fn: mc.Fn.(*ssa.Function)}
	for i, b := range mc.Bindings {
		n := name{x.key(fr, b), x.mem(fr, st, b)}
		lit.binds = append(lit.binds, n)
		part := k + "#" + strconv.Itoa(i)
		st.assign(part, n.key)
		if r, ok := x.refOf(fr, st, b); ok {
			st.held[part] = r
		} else {
			st.points(part, n.mem)
		}
	}
	x.lits[k] = lit
	st.consts[k] = "&" + k
}
