package stucklock

import (
	"cmp"
	"fmt"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/syncmodel"
)

// A forgetful function locks for its callers, and returns with the lock when it fails, too, which
// several of its callers do not expect. The mistake is one, and is there.
type forgetful struct {
	fails   *ssa.Return
	callers []*syncmodel.Left
}

// helpers takes from left those that are the mistake of a function they call.
func (f *finder) helpers(left []*syncmodel.Left) (rest []*syncmodel.Left, found []*forgetful) {
	type helper struct {
		fn   *ssa.Function
		lock any
	}
	of := func(x *syncmodel.Left) helper { return helper{callee(x), x.Hold.Lock.Class()} }
	by := make(map[helper]*forgetful)
	for _, x := range left {
		h := of(x)
		if h.fn == nil || !slices.ContainsFunc(x.Returns, fails) || slices.ContainsFunc(x.Returns, succeeds) {
			continue
		}
		if by[h] == nil {
			by[h] = &forgetful{fails: f.failsLocked(h.fn, h.lock)}
		}
		by[h].callers = append(by[h].callers, x)
	}
	for _, x := range left {
		h := by[of(x)]
		if h == nil || h.fails == nil || h.functions() < 2 || !slices.Contains(h.callers, x) {
			rest = append(rest, x)
		} else if h.callers[0] == x {
			found = append(found, h)
		}
	}
	return rest, found
}

func fails(ret *ssa.Return) bool { return !succeeds(ret) }

// callee returns the function of the package that took the lock for the one that does not release it.
func callee(x *syncmodel.Left) *ssa.Function {
	call, ok := x.Hold.At.(ssa.CallInstruction)
	if !ok {
		return nil
	}
	fn := call.Common().StaticCallee()
	if fn == nil {
		return nil
	}
	if fn = cmp.Or(fn.Origin(), fn); fn.Pkg != x.Fn.Pkg {
		return nil
	}
	return fn
}

// failsLocked returns where fn returns with a lock, and an error.
func (f *finder) failsLocked(fn *ssa.Function, lock any) *ssa.Return {
	for _, x := range f.locks.Left() {
		if x.Fn != fn || x.Hold.Lock.Class() != lock {
			continue
		}
		if i := slices.IndexFunc(x.Returns, fails); i >= 0 && x.Returns[i].Pos().IsValid() {
			return x.Returns[i]
		}
	}
	return nil
}

// functions returns how many functions call the helper.
func (h *forgetful) functions() int {
	return functions(h.callers, func(x *syncmodel.Left) *ssa.Function { return x.Fn })
}

func (f *finder) reportHelper(h *forgetful) {
	rel := make([]analysis.RelatedInformation, len(h.callers))
	for i, x := range h.callers {
		rel[i] = analysis.RelatedInformation{Pos: x.Returns[0].Pos(), Message: "this caller does not unlock it then"}
	}
	f.report(h.fails, missingUnlock, fmt.Sprintf("%s is still locked when %s returns an error here, and %d of its callers, %s among them, do not unlock it then: the next Lock of it waits for ever",
		h.callers[0].Hold.Lock, f.funcName(h.fails.Parent()), h.functions(), f.funcName(h.callers[0].Fn)), nil, rel...)
}
