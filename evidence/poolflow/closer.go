package poolflow

import (
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// closer reports whether a closure over the object is only returned, for the
// caller to call when it is done with the object.
func (w *walk) closer(mc *ssa.MakeClosure) bool {
	at := -1
	for _, ref := range *mc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.ChangeType:
			return false
		case *ssa.Return:
			for i, r := range ref.Results {
				if r == mc {
					at = i
				}
			}
		default:
			return false
		}
	}
	if at < 0 || !w.returned(mc) {
		return false
	}
	if eff := w.closureEffect(mc); eff != nil && len(eff.puts) > 0 {
		w.eff.closers[at] = eff
		return true
	}
	return false
}

// returned reports whether the object itself is a result wherever the closure is.
func (w *walk) returned(mc *ssa.MakeClosure) bool {
	for _, ref := range *mc.Referrers() {
		ret, ok := ref.(*ssa.Return)
		if !ok {
			continue
		}
		if !slices.ContainsFunc(ret.Results, w.is) {
			return false
		}
	}
	return true
}

// closureEffect returns what a closure, or a method value, does to the object.
func (w *walk) closureEffect(mc *ssa.MakeClosure) *effect {
	fn := mc.Fn.(*ssa.Function)
	for i, b := range mc.Bindings {
		switch {
		case w.cells[b]:
			return w.summary(fn, fn.FreeVars[i])
		case w.is(b) && strings.HasPrefix(fn.Synthetic, "bound method"):
			if method, ok := fn.Object().(*types.Func); ok {
				eff, _ := w.declared(method)
				return eff
			}
		}
	}
	return nil
}

// closers returns the functions that a call yields together with an object.
func (a *analyzer) closers(start ssa.Instruction) map[ssa.Value]*effect {
	call, ok := start.(*ssa.Call)
	if !ok {
		return nil
	}
	callee := call.Call.StaticCallee()
	if callee == nil && call.Call.IsInvoke() {
		callee = a.only(&call.Call)
	}
	if callee == nil {
		return nil
	}
	byIndex := make(map[int]*effect)
	if local := a.local(callee); local != nil {
		for _, acq := range a.acquires(local) {
			maps.Copy(byIndex, acq.closers)
		}
	} else if fn, ok := callee.Object().(*types.Func); ok {
		if w := a.wrapper(fn); w != nil {
			for _, p := range w.Closers {
				byIndex[p.Index] = p.effect()
			}
		}
	}
	values := make(map[ssa.Value]*effect)
	for i, eff := range byIndex {
		if v := lazyssa.Result(call, i); v != nil {
			placed := *eff
			placed.puts = slices.Clone(eff.puts)
			for i := range placed.puts {
				placed.puts[i].pool = placed.puts[i].pool.at(call)
			}
			values[v] = &placed
		}
	}
	return values
}
