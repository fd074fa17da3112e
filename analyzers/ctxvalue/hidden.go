package ctxvalue

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// checkHidden reports a key that holds values of two types, each of which is
// asked for by itself: the one stored last hides the other.
func (r *run) checkHidden() {
	for i := range r.sets {
		o := &r.sets[i]
		t := r.singleType(o)
		k, ok := o.keys.only()
		if t == nil || !ok || !r.privateKey(k) {
			continue
		}
		for j := range r.sets[:i] {
			prev := &r.sets[j]
			pt := r.singleType(prev)
			prevKey, ok := prev.keys.only()
			if pt == nil || !ok || types.Identical(t, pt) || !r.mustEqual(prevKey, k) || !r.askedApart(k, t, pt) {
				continue
			}
			expr, prevExpr := r.keyExpr(o), r.keyExpr(prev)
			if expr == nil || prevExpr == nil {
				continue
			}
			r.report(expr, mismatch, fmt.Sprintf("key %s holds %s here and %s elsewhere: the value stored last hides the other; use two keys",
				lint.Text(expr), r.typeName(t), r.typeName(pt)),
				analysis.RelatedInformation{Pos: prevExpr.Pos(), End: prevExpr.End(), Message: "the other is stored here"})
			break
		}
	}
}

// singleType returns the type of the values that o stores, or nil.
func (r *run) singleType(o *op) types.Type {
	if ts, ok := r.valueTypes(o); ok && len(ts) == 1 {
		return ts[0]
	}
	return nil
}

// askedApart reports whether values under k are asked for as an a, or as a b,
// or both, and nowhere in a way that tells one from the other: by one lookup, or by a
// second one that depends on the first.
func (r *run) askedApart(k key, a, b types.Type) bool {
	type asking struct {
		call ssa.CallInstruction
		typ  types.Type
	}
	asked := make(map[*ssa.Function][]asking)
	for i := range r.gets {
		o := &r.gets[i]
		if !slices.ContainsFunc(o.keys.list, func(other key) bool { return mayEqual(other, k) }) {
			continue
		}
		asserts := assertions(o)
		if len(asserts) == 0 {
			return false // its result goes somewhere as it is
		}
		fn := lazyssa.Outermost(o.call.Parent())
		for _, assert := range asserts {
			asked[fn] = append(asked[fn], asking{o.call, assert.typ})
		}
	}
	var forA, forB bool
	for _, list := range asked {
		var asA, asB []ssa.CallInstruction
		for _, ask := range list {
			if satisfies(a, ask.typ) {
				asA = append(asA, ask.call)
			}
			if satisfies(b, ask.typ) {
				asB = append(asB, ask.call)
			}
		}
		for _, x := range asA {
			if slices.ContainsFunc(asB, func(y ssa.CallInstruction) bool { return x == y || x.Block() != y.Block() }) {
				return false
			}
		}
		forA, forB = forA || asA != nil, forB || asB != nil
	}
	return forA && forB
}
