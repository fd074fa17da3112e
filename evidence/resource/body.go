package resource

import (
	"golang.org/x/tools/go/ssa"
)

// reads reports whether anything is done with a body but to close it.
func (a *analyzer) reads(w *walk) bool {
	seen := make(map[ssa.Value]bool)
	var follow func(v ssa.Value, c class) bool
	follow = func(v ssa.Value, c class) bool {
		if seen[v] || v.Referrers() == nil {
			return false
		}
		seen[v] = true
		for _, ref := range *v.Referrers() {
			switch in := ref.(type) {
			case *ssa.MakeClosure:
				return true // as far as is known
			case *ssa.Store:
				if addr, ok := in.Addr.(*ssa.Alloc); ok && in.Val == v {
					for _, use := range *addr.Referrers() {
						switch use := use.(type) {
						case *ssa.UnOp:
							if follow(use, c) {
								return true
							}
						case *ssa.Store:
						default:
							return true
						}
					}
					continue
				}
				return true
			case ssa.CallInstruction:
				common := in.Common()
				switch callee := common.StaticCallee(); {
				case common.IsInvoke() && common.Value == v:
					if common.Method.Name() != "Close" {
						return true
					}
				case callee != nil && callee.Signature.Recv() != nil && common.Args[0] == v && isResponse(v.Type()):
					if callee.Name() == "Write" {
						return true
					}
				default:
					return true
				}
				continue
			}
			_, next := a.use(w.th, ref, v, c)
			if val, ok := ref.(ssa.Value); ok && next.about() && follow(val, next) {
				return true
			}
		}
		return false
	}
	for _, ref := range *w.call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == w.acq.Index && follow(x, itself) {
			return true
		}
	}
	return false
}
