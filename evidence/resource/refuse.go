package resource

import (
	"go/constant"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// refuses reports whether a function of the package releases parameter i where it fails, that is
// returns an error or false, and nowhere else: what it does not refuse is as open as before.
func (a *analyzer) refuses(fn *ssa.Function, i int) bool {
	p := fn.Params[i]
	if is, ok := a.refused[p]; ok {
		return is
	}
	a.refused[p] = false // functions that call each other
	a.refused[p] = fn.Signature.Results().Len() == 1 && a.onlyWhereItFails(fn, p)
	return a.refused[p]
}

func (a *analyzer) onlyWhereItFails(fn *ssa.Function, p *ssa.Parameter) bool {
	f := &fate{analyzer: a, th: &thing{kind: kindOf(p.Type())}, seen: make(map[ssa.Value]bool), all: true}
	f.follow(p, itself)
	if len(f.ends) == 0 || f.taken {
		return false
	}
	type place struct {
		b     *ssa.BasicBlock
		ended bool
	}
	work := []place{{fn.Blocks[0], false}}
	seen := make(map[place]bool)
	returns := make(map[bool]bool) // of what is released, and of what is not
	for len(work) > 0 {
		at := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[at] {
			continue
		}
		seen[at] = true
		for _, instr := range at.b.Instrs {
			at.ended = at.ended || slices.Contains(f.ends, instr)
			if ret, ok := instr.(*ssa.Return); ok {
				if failed, known := fails(ret); !known || failed != at.ended {
					return false
				}
				returns[at.ended] = true
			}
		}
		for _, next := range at.b.Succs {
			work = append(work, place{next, at.ended})
		}
	}
	return returns[true] && returns[false]
}

// fails reports whether a return tells by its only result that the function has failed, if that is known.
func fails(ret *ssa.Return) (failed, known bool) {
	says := ret.Results[0]
	if load, ok := says.(*ssa.UnOp); ok {
		if _, ok := load.X.(*ssa.Alloc); ok { // the result of a function that defers calls
			if says = lazyssa.LastStored(load); says == nil {
				return false, false
			}
		}
	}
	if c, ok := says.(*ssa.Const); ok {
		if c.Value != nil && c.Value.Kind() == constant.Bool {
			return !constant.BoolVal(c.Value), true
		}
		return false, tellsError(c.Type()) && isNilConst(c)
	}
	return true, tellsError(says.Type()) && (lazyssa.IsFailure(says) || lazyssa.Failed(says, ret.Block()))
}
