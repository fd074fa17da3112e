package poolflow

import "golang.org/x/tools/go/ssa"

// onlyGrows reports whether the slice that was loaded from slot i is, in a
// variable of the function, only appended to and looked at, with nothing else
// in its place.
func (w *walk) onlyGrows(load *ssa.UnOp, i int) bool {
	web := map[ssa.Value]bool{load: true}
	work := []ssa.Value{load}
	var phis []*ssa.Phi
	add := func(v ssa.Value) {
		if !web[v] {
			web[v] = true
			work = append(work, v)
		}
	}
	for len(work) > 0 {
		v := work[0]
		work = work[1:]
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Phi:
				phis = append(phis, ref)
				add(ref)
			case *ssa.Slice, *ssa.MakeClosure:
				return false
			case *ssa.IndexAddr:
				if !onlyLoaded(ref) {
					return false
				}
			case *ssa.Store:
				if ref.Val == v && w.field(ref.Addr) != i && !w.is(ref.Addr) {
					return false
				}
			case *ssa.Call:
				b, ok := ref.Call.Value.(*ssa.Builtin)
				if ok && (b.Name() == "copy" || b.Name() == "clear") {
					return false
				}
				if args := ref.Call.Args; len(args) > 0 && args[0] == v && (ok && b.Name() == "append" || isAppend(ref, v)) {
					add(ref)
				}
			}
		}
	}
	for _, phi := range phis {
		for _, e := range phi.Edges {
			if !web[e] {
				return false
			}
		}
	}
	return true
}
