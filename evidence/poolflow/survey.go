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

// survey notes what concerns the package as a whole: New functions and fields
// that are filled only where code finds them unset.
func (a *analyzer) survey(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if lookup, ok := instr.(*ssa.Lookup); ok && memoizes(fn, lookup.X) && !a.isSet(fn, lookup.X) && !counts(lookup) {
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
			if fa, ok := st.Addr.(*ssa.FieldAddr); ok && lint.IsNamed(lint.Deref(fa.X.Type()), "sync", "Pool") && lazyssa.Field(fa).Name() == "New" {
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
	if fa := lazyssa.FieldLoaded(v); fa != nil {
		return lazyssa.Field(fa).Origin()
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

// stores notes what the package stores where, before anything is concluded from it.
func (a *analyzer) stores(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.MapUpdate:
				if f := loaded(instr.Map); f != nil {
					a.computed[f] = a.computed[f] || !isTrue(instr.Value)
					a.position(f, instr)
				}
			case *ssa.Store:
				fa, ok := instr.Addr.(*ssa.FieldAddr)
				if !ok || zero(instr.Val) || made(instr.Val) && isMap(instr.Val) {
					continue
				}
				f := lazyssa.Field(fa).Origin()
				if isMap(instr.Val) {
					a.positions(f).others = true
				}
				if _, created := fa.X.(*ssa.Alloc); !created && !a.assigned[f].IsValid() {
					a.assigned[f] = instr.Pos()
				}
				if _, ok := instr.Val.(*ssa.Parameter); ok {
					a.given[f] = true
				}
				if op, ok := instr.Val.(*ssa.BinOp); !ok || op.Op != token.ADD || loaded(op.X) != f || !isConst(op.Y) {
					a.computed[f] = true
				}
			}
		}
	}
}

// holdsKeys reports whether the values of a map say at most whether a key is there.
func holdsKeys(t *types.Map) bool {
	switch e := t.Elem().Underlying().(type) {
	case *types.Struct:
		return e.NumFields() == 0
	case *types.Basic:
		return e.Kind() == types.Bool
	}
	return false
}

// isSet reports whether the map m holds keys only, or positions. A map that holds other computed
// values may be a cache, whose content is to stay; a set says what this user has seen.
func (a *analyzer) isSet(fn *ssa.Function, m ssa.Value) bool {
	if a.locates(m) {
		return true
	}
	t, ok := m.Type().Underlying().(*types.Map)
	if !ok || !holdsKeys(t) {
		return false
	}
	if _, ok := t.Elem().Underlying().(*types.Struct); ok {
		return true
	}
	if f := loaded(m); f != nil {
		return !a.computed[f]
	}
	for _, ref := range *m.Referrers() {
		if up, ok := ref.(*ssa.MapUpdate); ok && up.Map == m && !isTrue(up.Value) {
			return false
		}
	}
	return true
}

// counts reports whether what is looked up in a map goes back there with
// something added: how often, or how much.
func counts(in *ssa.Lookup) bool {
	for _, ref := range *in.Referrers() {
		sum, ok := ref.(*ssa.BinOp)
		if !ok || sum.Op != token.ADD || sum.X != in {
			continue
		}
		for _, use := range *sum.Referrers() {
			if up, ok := use.(*ssa.MapUpdate); ok && up.Map == in.X && up.Key == in.Index && up.Value == sum {
				return true
			}
		}
	}
	return false
}

func isTrue(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.Bool && constant.BoolVal(c.Value)
}

func (a *analyzer) surveyLazy(cond *ssa.If) {
	var tested map[*types.Var]bool // nil until a store asks
	for _, succ := range cond.Block().Succs {
		for _, instr := range succ.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok {
				continue
			}
			fa, ok := st.Addr.(*ssa.FieldAddr)
			if !ok {
				continue
			}
			if tested == nil {
				tested = testedFields(cond.Cond)
			}
			f := lazyssa.Field(fa).Origin()
			if tested[f] && !zero(st.Val) && !emptied(st.Val) && !moves(st.Val, f) && !lint.IsError(st.Val.Type()) &&
				!(isTrue(st.Val) && (onlyWrites(succ) || onlySets(succ))) {
				switch {
				case extends(st.Val, f) && (roomOf(cond.Cond) == f || !decides(cond, succ)):
					a.filling[f] = true
				case !ownOf(st):
					a.lazy[f] = true
				}
			}
		}
	}
}

// ownOf reports whether a store gives an object that the function has from a pool an argument of the function's, in
// a field that it clears later on: that is no setting for all users.
func ownOf(st *ssa.Store) bool {
	fa := st.Addr.(*ssa.FieldAddr)
	_, basic := st.Val.Type().Underlying().(*types.Basic)
	if _, ok := st.Val.(*ssa.Parameter); !ok || !basic || !taken(fa.X) {
		return false
	}
	if _, ok := fa.X.(*ssa.Alloc); ok {
		return false
	}
	return slices.ContainsFunc(*fa.X.Referrers(), func(ref ssa.Instruction) bool {
		if ref.Block() == st.Block() || lazyssa.Reaches(ref.Block(), st.Block()) {
			return false
		}
		switch ref := ref.(type) {
		case *ssa.Store:
			return ref.Addr == fa.X
		case *ssa.FieldAddr:
			return ref.Field == fa.Field && slices.ContainsFunc(*ref.Referrers(), func(use ssa.Instruction) bool {
				st, ok := use.(*ssa.Store)
				return ok && st.Addr == ref && zero(st.Val)
			})
		case *ssa.Call:
			fn := lazyssa.Callee(ref)
			return fn != nil && ResetName(fn.Name())
		}
		return false
	})
}

// decides reports whether succ, one way on from a condition, is not where the other way leads as well.
func decides(cond *ssa.If, succ *ssa.BasicBlock) bool {
	other := cond.Block().Succs[0]
	if other == succ {
		other = cond.Block().Succs[1]
	}
	seen := map[*ssa.BasicBlock]bool{succ: true}
	var passes func(b *ssa.BasicBlock) bool
	passes = func(b *ssa.BasicBlock) bool {
		if b == cond.Block() || len(b.Succs) == 0 && b != succ {
			return true
		}
		if seen[b] {
			return false
		}
		seen[b] = true
		return slices.ContainsFunc(b.Succs, passes)
	}
	return passes(other)
}

// roomOf returns the slice field whose length a condition compares with its capacity, nil if it is none.
func roomOf(cond ssa.Value) *types.Var {
	op, ok := cond.(*ssa.BinOp)
	if !ok {
		return nil
	}
	x, y := argumentOf(op.X, "len"), argumentOf(op.Y, "cap")
	if x == nil || y == nil {
		x, y = argumentOf(op.X, "cap"), argumentOf(op.Y, "len")
	}
	if x == nil || y == nil || loaded(x) != loaded(y) {
		return nil
	}
	return loaded(x)
}

// argumentOf returns the argument of a call of the builtin function name, nil if v is none.
func argumentOf(v ssa.Value, name string) ssa.Value {
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	if b, ok := call.Call.Value.(*ssa.Builtin); !ok || b.Name() != name {
		return nil
	}
	return call.Call.Args[0]
}

// testedFields returns the fields whose values a condition looks at.
func testedFields(cond ssa.Value) map[*types.Var]bool {
	tested := make(map[*types.Var]bool)
	visit(cond, 4, func(v ssa.Value) {
		if f := loaded(v); f != nil {
			tested[f] = true
		}
	})
	return tested
}

// onlyWrites reports whether a block adds to some content and does nothing else
// of note: a flag set there says what has been written, not what has been set up.
func onlyWrites(b *ssa.BasicBlock) bool {
	writes := false
	for _, instr := range b.Instrs {
		switch instr := instr.(type) {
		case *ssa.Call:
			builtin, ok := instr.Call.Value.(*ssa.Builtin)
			if ok && builtin.Name() == "append" {
				writes = true
				continue
			}
			fn, ok := lazyssa.Callee(instr).(*types.Func)
			if !ok || len(instr.Call.Args) == 0 || !isBuffer(lint.Deref(instr.Call.Args[0].Type())) || bufferMethod(fn.Name(), &instr.Call) != fills {
				return false
			}
			writes = true
		case *ssa.Store:
			if _, ok := instr.Addr.(*ssa.FieldAddr); ok && !isTrue(instr.Val) && !appended(instr.Val) {
				return false
			}
		case *ssa.MapUpdate, *ssa.Go, *ssa.Defer, *ssa.Send:
			return false
		}
	}
	return writes
}

// moves reports whether v is what field f holds and a constant more or less.
func moves(v ssa.Value, f *types.Var) bool {
	op, ok := v.(*ssa.BinOp)
	return ok && (op.Op == token.ADD || op.Op == token.SUB) && isConst(op.Y) && loaded(op.X) == f
}

// onlySets reports whether a block does nothing but set flags.
func onlySets(b *ssa.BasicBlock) bool {
	for _, instr := range b.Instrs {
		switch instr := instr.(type) {
		case *ssa.FieldAddr, *ssa.Jump, *ssa.DebugRef:
		case *ssa.Store:
			if !isTrue(instr.Val) {
				return false
			}
		default:
			return false
		}
	}
	return true
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
	return New{Known: true, Empty: isEmpty(lazyssa.Strip(ret.Results[0])), Bound: bound(lazyssa.Strip(ret.Results[0]))}
}

// bound reports whether a reader or writer is made for one source or target,
// which it may keep for all its users.
func bound(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		_, local := v.(*ssa.Extract)
		return !local
	}
	for _, arg := range call.Call.Args {
		arg = lazyssa.Strip(arg)
		if load, ok := arg.(*ssa.UnOp); ok {
			if g, ok := load.X.(*ssa.Global); ok && g.Name() == "Discard" {
				continue
			}
		}
		if !types.IsInterface(arg.Type()) && lint.Deref(arg.Type()) == arg.Type() || zero(arg) || made(arg) {
			continue // a level, a size, or nothing in particular
		}
		return true
	}
	return false
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
		return lint.IsFunc(lazyssa.Callee(v), "bytes", "NewBuffer") && (isEmpty(v.Call.Args[0]) || zero(v.Call.Args[0]))
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
