package resource

import (
	"go/constant"

	"golang.org/x/tools/go/ssa"
)

// merged tells the names that a comparison of what several branches have left in a variable with a
// constant has for each of their values.
func merged(cmp *ssa.BinOp, tell func(key string)) {
	seen := make(map[*ssa.Phi]bool)
	var visit func(v ssa.Value)
	visit = func(v ssa.Value) {
		phi, ok := v.(*ssa.Phi)
		if !ok || seen[phi] {
			return
		}
		seen[phi] = true
		for _, e := range phi.Edges {
			if key, _ := comparison(cmp.Op, e, cmp.Y); key != "" {
				tell(key)
			}
			visit(e)
		}
	}
	if _, ok := cmp.Y.(*ssa.Const); ok {
		visit(cmp.X)
	}
}

// comparisons returns the comparisons with constants of what a variable has, there or where it has been
// merged once more.
func (a *analyzer) comparisons(phi *ssa.Phi) []*ssa.BinOp {
	if all, ok := a.compared[phi]; ok {
		return all
	}
	var all []*ssa.BinOp
	seen := make(map[*ssa.Phi]bool)
	var visit func(phi *ssa.Phi)
	visit = func(phi *ssa.Phi) {
		if seen[phi] {
			return
		}
		seen[phi] = true
		for _, ref := range *phi.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Phi:
				visit(ref)
			case *ssa.BinOp:
				if c, ok := ref.Y.(*ssa.Const); ok && ref.X == phi && c.Value != nil {
					all = append(all, ref)
				}
			}
		}
	}
	visit(phi)
	a.compared[phi] = all
	return all
}

// inherited returns what is known of comparisons of a variable from what has been found out about
// the value that it has on this way.
func (w *walk) inherited(st *state, phi *ssa.Phi, v ssa.Value) map[string]verdict {
	facts := make(map[string]verdict)
	for _, cmp := range w.comparisons(phi) {
		key, negated := comparison(cmp.Op, phi, cmp.Y)
		if w.conditions()[key] == 0 {
			continue
		}
		facts[key] = open
		limit := cmp.Y.(*ssa.Const)
		if c, ok := v.(*ssa.Const); ok && c.Value != nil {
			if c.Value.Kind() == limit.Value.Kind() {
				facts[key] = verdictOf(constant.Compare(c.Value, cmp.Op, limit.Value) != negated)
			}
			continue
		}
		if from, _ := comparison(cmp.Op, v, limit); from != "" {
			if is, known := st.facts[from]; known {
				facts[key] = verdictOf(is)
			}
		}
	}
	return facts
}
