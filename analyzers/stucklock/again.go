package stucklock

import (
	"fmt"
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/syncmodel"
)

// doubles reports locks that are taken again by who holds them.
func (f *finder) doubles() {
	type both struct{ hold, again ssa.Instruction }
	told := make(map[both]bool) // whichever calls lead from one to the other
	for _, a := range f.locks.Again() {
		if call, ok := a.Hold.At.(ssa.CallInstruction); ok && f.leaves[call.Common().StaticCallee()] {
			continue // what is wrong there has been said
		}
		if f.tests.Has(a.Hold.At.Pos()) && !f.tests.Has(a.At.Pos()) && !f.all {
			continue // a test that waits for ever has not gone unnoticed
		}
		recursive := a.Read && a.Hold.Read
		if f.locks.Crossed(a.Hold.Lock) || a.Weak && !f.all || recursive && (!f.locks.Written(a.Hold.Lock) || f.locks.Gated(a)) {
			continue
		}
		if recursive && len(a.Chain) > 0 && a.Hold.At == a.Chain[0] {
			continue // a loop takes as many as it likes, by what is made for that
		}
		if len(a.Chain) == 0 && !a.Must {
			f.unlockForgotten(a)
			continue
		}
		if told[both{a.Hold.At, a.At}] {
			continue
		}
		told[both{a.Hold.At, a.At}] = true
		category, end := doubleLock, ": it waits for ever"
		if recursive {
			category, end = recursiveRLock, readersMeet
		}
		f.reportAcross(a.At, a.Chain, false, category, taker(a.At, a.Read), f.again(a)+end, f.trace(a)...)
	}
}

// reentries reports what a sync.Once runs, if it comes back to the same Once.
func (f *finder) reentries() {
	for _, r := range f.locks.Reentries() {
		if r.Weak && !f.all {
			continue
		}
		at, what := ssa.Instruction(r.At), "this call"
		if len(r.Chain) > 0 {
			at = r.Chain[0]
			what = "this call of " + f.funcName(r.Chain[0].Common().StaticCallee()) + " leads to one"
		}
		rel := []analysis.RelatedInformation{{Pos: r.Outer.Pos(), Message: "this runs " + f.funcName(r.Fn)}}
		if len(r.Chain) > 0 {
			rel = append(rel, analysis.RelatedInformation{Pos: r.At.Pos(), Message: "this waits for the end of it"})
		}
		f.report(at, doubleLock, fmt.Sprintf("%s of %s.Do, which runs %s and waits for its end: neither ever comes back", what, r.Once, f.funcName(r.Fn)), nil, rel...)
	}
}

func (f *finder) again(a *syncmodel.Again) string {
	what := "held"
	if a.Hold.Read {
		what = "read-locked"
	}
	if len(a.Chain) == 0 {
		if a.At == a.Hold.At {
			return fmt.Sprintf(" takes %s again that it took the round before, and nothing unlocked it", a.Hold.Lock)
		}
		return fmt.Sprintf(" takes %s, which is %s since %s", a.Hold.Lock, what, f.line(a.Hold.At.Pos()))
	}
	if by := a.Hold.At.Parent(); by != a.Fn {
		return fmt.Sprintf(" takes %s, which %s has %s since %s when it calls the function that it is given", a.Hold.Lock, f.funcName(by), what, f.line(a.Hold.At.Pos()))
	}
	return fmt.Sprintf(" takes %s, which its caller %s has %s since %s", a.Hold.Lock, f.funcName(a.Fn), what, f.line(a.Hold.At.Pos()))
}

func (f *finder) trace(a *syncmodel.Again) []analysis.RelatedInformation {
	rel := []analysis.RelatedInformation{{Pos: a.Hold.At.Pos(), Message: a.Hold.Lock.String() + " is taken here"}}
	return append(rel, f.calls(a.Chain)...)
}

// unlockForgotten reports a lock that only some ways to the next Lock have released.
func (f *finder) unlockForgotten(a *syncmodel.Again) {
	if !a.Freed || f.locks.Freed(a.Hold.Lock) || a.Read && a.Hold.Read || a.At == a.Hold.At && oneRound(a.At) {
		return
	}
	f.report(a.At, missingUnlock, fmt.Sprintf("this %s waits for ever if %s is still locked since %s: a path in between does not unlock it",
		taker(a.At, a.Read), a.Hold.Lock, f.line(a.Hold.At.Pos())), nil, f.trace(a)...)
}

// oneRound reports whether an instruction is in one round of a loop only: that of a certain number.
func oneRound(at ssa.Instruction) bool {
	for cond, is := range lazyssa.Conditions(at.Block()) {
		cmp, ok := cond.(*ssa.BinOp)
		if !ok || !is || cmp.Op != token.EQL {
			continue
		}
		if _, ok := cmp.Y.(*ssa.Const); ok && counts(cmp.X) {
			return true
		}
	}
	return false
}

// counts reports whether a number is one more with each round of a loop.
func counts(v ssa.Value) bool {
	if sum, ok := v.(*ssa.BinOp); ok && sum.Op == token.ADD {
		v = sum.X
	}
	phi, ok := v.(*ssa.Phi)
	if !ok {
		return false
	}
	grows := false
	for _, e := range phi.Edges {
		switch e := e.(type) {
		case *ssa.Const:
		case *ssa.BinOp:
			step, ok := e.Y.(*ssa.Const)
			if e.Op != token.ADD || e.X != phi || !ok || step.Value == nil || constant.Sign(step.Value) <= 0 {
				return false
			}
			grows = true
		default:
			return false
		}
	}
	return grows
}
