package poolflow

import (
	"go/types"
	"maps"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// acquires follows the objects that fn takes from pools, and returns those of
// its results that are such objects.
func (a *analyzer) acquires(fn *ssa.Function) []acquired {
	if acq, ok := a.acquired[fn]; ok {
		return acq
	}
	a.acquired[fn] = nil // breaks cycles
	byIndex := make(map[int]acquired)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			for _, src := range a.sources(call) {
				if src.elem == nil {
					continue
				}
				src.state.full, src.state.keeps = 0, 0 // what it holds now is not this user's
				eff := a.follow(fn, src.object, src.elem, src.state, call)
				if src.pool.key != "" {
					pool := a.pool(src.pool, src.elem)
					pool.Gets = append(pool.Gets, &Get{Fn: fn, Call: call, Object: src.object, Wrapper: src.wrapper, Reads: eff.observed(), Cleans: src.state.cleans | eff.exit.cleans, shown: eff.shown})
					a.addPuts(fn, src.elem, eff)
					if pool.cuts == nil {
						pool.cuts = eff.staleAt
					}
					maps.Copy(pool.cuts, eff.staleAt)
				}
				a.lent(fn, src, eff)
				for i, st := range eff.returns {
					old, ok := byIndex[i]
					if ok {
						if old.pool.key != src.pool.key || !types.Identical(old.elem, src.elem) {
							continue
						}
						st.join(old.state)
					}
					acq := acquired{index: i, pool: src.pool, elem: src.elem, state: st, closers: eff.closers}
					if eff.bare != nil && !ok {
						acq.hook, acq.bare = eff.hook, eff.bare.returns[i]
					}
					byIndex[i] = acq
				}
			}
		}
	}
	var list []acquired
	for i := range fn.Signature.Results().Len() {
		if acq, ok := byIndex[i]; ok {
			list = append(list, acq)
		}
	}
	a.acquired[fn] = list
	return list
}

// source is a pooled object that a call yields.
type source struct {
	object  ssa.Value
	pool    place
	elem    types.Type
	state   state
	wrapper *types.Func
}

// sources returns the pooled objects that a call yields.
func (a *analyzer) sources(call *ssa.Call) []source {
	callee := call.Call.StaticCallee()
	if callee == nil && call.Call.IsInvoke() {
		callee = a.only(&call.Call)
	}
	if callee == nil {
		return nil
	}
	fn, _ := callee.Object().(*types.Func)
	if isPoolMethod(&call.Call, "Get") {
		return []source{{call, placeOf(call.Call.Args[0]), assertedType(call), fresh, nil}}
	}
	var list []acquired
	if local := a.local(callee); local != nil {
		list = a.acquires(local)
	} else if w := a.wrapper(fn); w != nil {
		list = w.acquired()
	}
	var srcs []source
	for _, acq := range list {
		object := lazyssa.Result(call, acq.index)
		if object == nil {
			continue
		}
		elem := object.Type()
		if types.IsInterface(elem) && !isHash(elem) && !lint.IsTypeParam(elem) {
			elem = assertedType(object)
		}
		st := acq.state
		if acq.hook != nil && elem != nil {
			if does, ok := a.hookEffect(call, *acq.hook, elem); ok {
				st = acq.bare
				if does != nil {
					st = st.then(does.exit)
				}
			}
		}
		srcs = append(srcs, source{object, acq.pool.at(call), elem, st, fn})
	}
	return srcs
}

// assertedType returns the one type that an interface value is asserted to.
func assertedType(v ssa.Value) (elem types.Type) {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.TypeAssert:
			if elem != nil && !types.Identical(elem, ref.AssertedType) {
				return nil
			}
			elem = ref.AssertedType
		}
	}
	if elem == nil {
		return nil
	}
	return elem
}
