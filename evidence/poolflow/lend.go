package poolflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// A lend is what a function does that hands an object from a pool to one of its
// parameters, a function, and puts it back after: its callers write what happens
// in between.
type lend struct {
	fn, arg int // the parameter that is called, and which argument the object is
	pool    place
	before  state // when the parameter is called
	puts    []putEffect
	call    *ssa.Call
}

// lends notes that the object goes to parameter fn of the function walked.
func (w *walk) lends(st state, call ssa.CallInstruction, fn, arg int) {
	if c, ok := call.(*ssa.Call); ok && w.record && w.start != nil && !w.bare {
		w.eff.lends = append(w.eff.lends, lend{fn: fn, arg: arg, before: st, call: c})
	}
}

// lent keeps what fn lends of an object that it takes from a pool, if its callers
// are to say what becomes of it: those of a generic function, and other packages.
func (a *analyzer) lent(fn *ssa.Function, src source, eff *effect) {
	if src.pool.key == "" || eff.hook != nil || len(eff.lends) != 1 {
		return
	}
	l := eff.lends[0]
	after := a.follow(fn, src.object, src.elem, fresh, l.call)
	if after.hook != nil || len(after.puts) == 0 {
		return
	}
	l.pool, l.puts = src.pool, after.puts
	a.lenders[fn] = append(a.lenders[fn], l)
}

// borrows follows the objects that fn is lent, in the functions that it hands out for that.
func (a *analyzer) borrows(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || call.Call.StaticCallee() == nil {
				continue
			}
			obj, _ := call.Call.StaticCallee().Object().(*types.Func)
			for _, l := range a.lendersOf(call) {
				if f := a.literal(call, l); f != nil {
					a.borrow(fn, call, obj, f, l)
				}
			}
		}
	}
}

// lendersOf returns what the function lends that a call runs, if this is the place to say
// what becomes of it.
func (a *analyzer) lendersOf(call *ssa.Call) []lend {
	callee := call.Call.StaticCallee()
	if local := a.local(callee); local != nil {
		if callee.Origin() == nil {
			return nil // was followed in the function itself
		}
		return a.lenders[local]
	}
	if fn, ok := callee.Object().(*types.Func); ok {
		if w := a.wrapper(fn); w != nil {
			return w.lends()
		}
	}
	return nil
}

// literal returns the function of the package that a call gives to a lender.
func (a *analyzer) literal(call *ssa.Call, l lend) *ssa.Function {
	if l.fn >= len(call.Call.Args) {
		return nil
	}
	var f *ssa.Function
	switch v := lazyssa.Strip(call.Call.Args[l.fn]).(type) {
	case *ssa.Function:
		f = a.local(v)
	case *ssa.MakeClosure:
		f = v.Fn.(*ssa.Function)
	}
	if f == nil || len(f.Blocks) == 0 || l.arg >= len(f.Params) || f.Synthetic != "" {
		return nil
	}
	return f
}

func (a *analyzer) borrow(fn *ssa.Function, call *ssa.Call, lender *types.Func, f *ssa.Function, l lend) {
	param := f.Params[l.arg]
	elem, place := param.Type(), l.pool.at(call)
	if !followable(elem) || place.key == "" {
		return
	}
	l.before.full, l.before.keeps = 0, 0
	eff := a.follow(f, param, elem, l.before, nil)
	pool := a.pool(place, elem)
	pool.Gets = append(pool.Gets, &Get{Fn: f, Call: call, Object: param, Wrapper: lender, Reads: eff.observed()})
	given := *eff
	given.puts = nil
	for _, p := range l.puts {
		given.puts = append(given.puts, putEffect{pool: place, state: eff.exit.then(p.state), call: call, wrapper: lender})
	}
	a.addPuts(f, elem, &given)
}

// export returns the lends of fn as facts.
func exportLends(lends []lend) (list []Lend) {
	list = slices.Grow(list, len(lends))
	for _, l := range lends {
		e := Lend{Func: l.fn, Arg: l.arg, Pool: l.pool.export(), Before: l.before.export()}
		e.Puts = slices.Grow(e.Puts, len(l.puts))
		for _, p := range l.puts {
			e.Puts = append(e.Puts, p.state.export())
		}
		list = append(list, e)
	}
	return slices.Clip(list)
}

func (w *Wrapper) lends() (list []lend) {
	list = slices.Grow(list, len(w.Lends))
	for _, e := range w.Lends {
		l := lend{fn: e.Func, arg: e.Arg, pool: e.Pool.place(), before: e.Before.state()}
		l.puts = slices.Grow(l.puts, len(e.Puts))
		for _, s := range e.Puts {
			l.puts = append(l.puts, putEffect{state: s.state()})
		}
		list = append(list, l)
	}
	return list
}
