package stucklock

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// taken is one lock taken while another is held.
type taken struct {
	ev   *syncmodel.LockEvent
	hold syncmodel.Hold
	sure bool
}

// orders reports two locks that are taken in both orders.
func (f *finder) orders() {
	type pair struct{ first, second any }
	edges := make(map[pair][]taken)
	var pairs []pair
	for _, ev := range f.locks.Events() {
		for i, h := range ev.Held {
			p := pair{h.Lock.Class(), ev.Class}
			if p.first == nil || p.second == nil || p.first == p.second || fresh(h.Lock, ev.Fn) {
				continue
			}
			if edges[p] == nil {
				pairs = append(pairs, p)
			}
			edges[p] = append(edges[p], taken{ev, h, !ev.Weak && !ev.Guarded[i]})
		}
	}
	done := make(map[pair]bool)
	for _, p := range pairs {
		q := pair{p.second, p.first}
		if done[p] || done[q] || edges[q] == nil {
			continue
		}
		done[p] = true
		if inFuncs(edges[q]) < inFuncs(edges[p]) {
			p, q = q, p // the order that fewer keep is more likely to be the mistake
		}
		f.order(edges[p], edges[q])
	}
}

// inFuncs returns how many functions take locks in an order.
func inFuncs(ts []taken) int {
	return functions(ts, func(t taken) *ssa.Function { return t.ev.Fn })
}

// functions returns how many functions there are among those that are of some things.
func functions[T any](list []T, of func(T) *ssa.Function) int {
	fns := make(map[*ssa.Function]bool)
	for _, x := range list {
		fns[of(x)] = true
	}
	return len(fns)
}

// order looks for the clearest case in which two goroutines wait for each other.
func (f *finder) order(as, bs []taken) {
	var best [2]*taken
	bestSure := false
	n := 0
	for i := range as {
		for j := range bs {
			if n++; n > 400 {
				break
			}
			a, b := &as[i], &bs[j]
			// Each waits for a lock that the other has: two readers do not.
			if a.hold.Read && b.ev.Read || b.hold.Read && a.ev.Read {
				continue
			}
			if f.gated(a, b) || !f.locks.Concurrent(a.ev.Fn, b.ev.Fn) {
				continue
			}
			sure := a.sure && b.sure && f.coincide(a, b)
			if best[0] == nil || sure && !bestSure {
				best, bestSure = [2]*taken{a, b}, sure
			}
		}
	}
	if best[0] == nil || !bestSure && !f.all {
		return
	}
	f.reportOrder(best[0], best[1])
}

// gated reports whether a third lock keeps the two sides apart.
func (f *finder) gated(a, b *taken) bool {
	classes := func(t *taken) (cs []any) {
		for _, h := range t.ev.Held {
			cs = append(cs, h.Lock.Class())
		}
		return append(cs, f.locks.Entry(t.ev.Fn)...)
	}
	other := classes(b)
	return slices.ContainsFunc(classes(a), func(c any) bool {
		return c != a.hold.Lock.Class() && c != a.ev.Class && slices.Contains(other, c)
	})
}

// coincide reports whether both sides name the two locks alike: fields of one object,
// package variables, an object and its element, two objects that point to each other, or the
// only objects of their types.
func (f *finder) coincide(a, b *taken) bool {
	if f.locks.Nested(a.hold.Lock, a.ev, b.hold.Lock, b.ev.Lock) || f.locks.Nested(b.hold.Lock, b.ev, a.hold.Lock, a.ev.Lock) {
		return true
	}
	if f.locks.Lone(a.hold.Lock) && f.locks.Lone(b.hold.Lock) {
		return true
	}
	if a.ev.Lock == nil || b.ev.Lock == nil {
		return false
	}
	if a.ev.Fn == b.ev.Fn && a.hold.Lock == b.ev.Lock && a.ev.Lock == b.hold.Lock {
		return true // one function takes them in both orders, having released one in between
	}
	if f.locks.Inverse(a.hold.Lock, a.ev.Lock, b.hold.Lock, b.ev.Lock) || f.locks.Inverse(b.hold.Lock, b.ev.Lock, a.hold.Lock, a.ev.Lock) {
		return true
	}
	x := syncmodel.Related(a.hold.Lock, a.ev.Lock)
	return x != "" && x == syncmodel.Related(b.ev.Lock, b.hold.Lock)
}

// fresh reports whether the lock is in an object that the function has just made.
func fresh(p *syncmodel.Place, fn *ssa.Function) bool {
	a, ok := p.Root().(*ssa.Alloc)
	if !ok || a.Parent() != fn {
		return false
	}
	_, isStruct := lint.Deref(a.Type()).Underlying().(*types.Struct)
	return isStruct
}

func (f *finder) reportOrder(a, b *taken) {
	name := func(t *taken) string {
		if t.ev.Lock != nil {
			return t.ev.Lock.String()
		}
		return f.locks.ClassName(t.ev.Class)
	}
	msg := fmt.Sprintf(" waits for %s while %s is held since %s; %s takes them the other way round on %s: two goroutines can wait for each other for ever",
		name(a), a.hold.Lock, f.line(a.hold.At.Pos()), f.funcName(b.ev.Fn), f.line(b.ev.At.Pos()))
	rel := []analysis.RelatedInformation{{Pos: a.hold.At.Pos(), Message: a.hold.Lock.String() + " is taken here"}}
	rel = append(rel, f.calls(a.ev.Chain)...)
	rel = append(rel,
		analysis.RelatedInformation{Pos: b.hold.At.Pos(), Message: "the other side takes " + b.hold.Lock.String() + " here"},
		analysis.RelatedInformation{Pos: b.ev.At.Pos(), Message: "and waits for " + name(b) + " here"})
	rel = append(rel, f.calls(b.ev.Chain)...)
	f.reportAcross(a.ev.At, a.ev.Chain, false, lockOrder, taker(a.ev.At, a.ev.Read), msg, rel...)
}
