package lostgoroutine

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/syncmodel"
)

// scenarios reports goroutines that a function leaves behind for ever on one of its paths.
func (f *finder) scenarios() {
	for _, fn := range f.model.Funcs() {
		if f.ends(fn) {
			continue
		}
		for _, lost := range f.model.Scenarios(fn) {
			if f.all || f.trusted(lost) {
				f.lost(lost)
			}
		}
	}
}

// trusted reports whether a finding is of high confidence. A sender that nobody is
// left to hear is one; who waits for a message, on the other hand, may know more
// about the sender than can be seen.
func (f *finder) trusted(l *syncmodel.Lost) bool {
	if l.Shared || l.Apart || f.tests.Has(l.Root.Pos()) {
		return false
	}
	switch l.At.Kind {
	case syncmodel.EvSend:
		return l.Alone && (l.Go != nil || !l.Doubt && f.received(l)) && !f.servesOn(l)
	case syncmodel.EvRecv:
		switch {
		case isRange(l.At) && f.model.ClosesItself(l.At.Instr):
			return false // what it gets may say when it ends
		case isRange(l.At):
			return l.Alone && (l.Go != nil || !f.closed(l) && f.model.EndsByClose(l.At.Instr))
		case l.Go != nil:
			return l.Alone && !l.Doubt && (rootReturned(l) || l.Obj.IsContext())
		}
		return l.Alone && !l.Doubt && f.skipped(l) // who is told of an error may not wait
	case syncmodel.EvSelect:
		return l.Go != nil && l.Alone && !l.Doubt && rootReturned(l)
	case syncmodel.EvWait:
		return l.Go == nil && l.Alone && (waitsTooEarly(l) || l.Undone != nil)
	}
	return false
}

// rootReturned reports whether the function that the run is a call of has got to its end.
func rootReturned(l *syncmodel.Lost) bool {
	return slices.ContainsFunc(l.Partners, func(p *syncmodel.Partner) bool {
		return p.Go == nil && p.Done == len(p.Trace.Events)
	})
}

func isRange(ev *syncmodel.Event) bool {
	u, ok := ev.Instr.(*ssa.UnOp)
	return ok && syncmodel.IsRange(u)
}

// told reports whether the function of the stuck goroutine asks anywhere whether the function that
// leaves it has closed a channel.
func (f *finder) told(l *syncmodel.Lost) bool {
	stuck := l.At.Instr.Parent()
	return slices.ContainsFunc(f.model.Classes(), func(c *syncmodel.Class) bool {
		asks := func(op *syncmodel.Op) bool { return op.Kind == syncmodel.Recv && op.Select != nil && op.Fn == stuck }
		closes := func(op *syncmodel.Op) bool { return op.Kind == syncmodel.Close && op.Fn == l.Root }
		return slices.ContainsFunc(c.Ops(), asks) && slices.ContainsFunc(c.Ops(), closes)
	})
}

// closed reports whether there is any code that closes the channel.
func (f *finder) closed(l *syncmodel.Lost) bool {
	return f.model.ClassOf(l.Obj.Site.(ssa.Value)).Has(syncmodel.Close)
}

// received reports whether there is any code that receives from the channel.
func (f *finder) received(l *syncmodel.Lost) bool {
	return f.model.ClassOf(l.Obj.Site.(ssa.Value)).Has(syncmodel.Recv, syncmodel.Range)
}

// skipped reports whether the one other goroutine would have closed the channel,
// but leaves by a return before it does.
func (f *finder) skipped(l *syncmodel.Lost) bool {
	return len(l.Partners) == 1 && l.Partners[0].Go != nil && f.closed(l)
}

// waitsTooEarly reports whether Wait is in a loop that starts what it waits for, while
// Add has counted all of it before the loop.
func waitsTooEarly(l *syncmodel.Lost) bool {
	for _, ev := range l.Trace.Events[:l.Done] {
		if ev.Kind == syncmodel.EvAdd && ev.Obj == l.Obj && ev.N > 1 && len(ev.Loops) < len(l.At.Loops) {
			return true
		}
	}
	return false
}

func (f *finder) lost(l *syncmodel.Lost) {
	op := l.At
	name := f.operand(op.Instr, op.Pos)
	why, rel := f.why(l)
	started := ""
	if l.Go != nil {
		started = fmt.Sprintf("; the goroutine started at %s never ends", f.line(l.Go.Pos()))
		rel = append(rel, analysis.RelatedInformation{Pos: l.Go.Pos(), Message: "the goroutine is started here"})
	}
	room := "it has no buffer"
	if l.Obj.Cap > 0 {
		room = "its buffer may be full"
	}
	if by := elsewhere(op); by != nil {
		f.lostElsewhere(l, by, why, room, rel)
		return
	}
	switch op.Kind {
	case syncmodel.EvSend:
		switch {
		case l.Go == nil:
			f.report(op.Instr, lostSignal, fmt.Sprintf("this send blocks forever %s: nobody receives from %s any more and %s", why, name, room), rel...)
		case sentBefore(l):
			f.report(op.Instr, doubleSend, fmt.Sprintf("this send blocks forever after an earlier one on the same path: nobody receives from %s again and %s%s", name, room, started), rel...)
		case l.Siblings > 1 && l.Received > 0 && f.told(l):
			f.report(op.Instr, firstWins, fmt.Sprintf("a goroutine started at %s that comes to this send after %s has returned blocks forever: nobody receives from %s and %s",
				f.line(l.Go.Pos()), funcName(l.Root), name, room), rel...)
		case l.Siblings > 1 && l.Received > 0 && l.Sends <= 1:
			f.reportFix(op.Instr, firstWins, fmt.Sprintf("of the goroutines started at %s, all but %d block forever at this send: %s receives from %s no more often and %s",
				f.line(l.Go.Pos()), l.Received+l.Obj.Cap, funcName(l.Root), name, room), f.buffer(l), rel...)
		default:
			f.reportFix(op.Instr, abandonedSend, fmt.Sprintf("this send blocks forever %s: nobody receives from %s and %s%s", why, name, room, started), f.buffer(l), rel...)
		}
	case syncmodel.EvRecv:
		if isRange(op) {
			f.report(op.Instr, unclosedRange, fmt.Sprintf("this range never ends %s: nobody closes %s%s", why, name, started), rel...)
			return
		}
		if l.Obj.IsContext() {
			f.report(op.Instr, lostSignal, fmt.Sprintf("this receive blocks forever %s: nobody cancels the context%s", why, started), rel...)
			return
		}
		f.report(op.Instr, lostSignal, fmt.Sprintf("this receive blocks forever %s: nobody sends to %s or closes it%s", why, name, started), rel...)
	case syncmodel.EvWait:
		if waitsTooEarly(l) {
			f.report(op.Instr, waitGroup, fmt.Sprintf("this Wait blocks forever in the first round of the loop: Add has counted all rounds, but their goroutines are not started yet, so %s never gets to zero", name), rel...)
			return
		}
		if u := l.Undone; u != nil && u.Trace.End.IsValid() {
			why = fmt.Sprintf("when the goroutine started at %s returns at %s", f.line(u.Go.Pos()), f.line(u.Trace.End))
			rel = []analysis.RelatedInformation{{Pos: u.Trace.End, Message: "this return skips Done"}}
		}
		f.report(op.Instr, waitGroup, fmt.Sprintf("%s never returns %s: not every Add is matched by a Done%s", waiter(op), why, started), rel...)
	case syncmodel.EvSelect:
		f.report(op.Instr, lostSignal, fmt.Sprintf("this select blocks forever %s: no goroutine is left for any of its cases%s", why, started), rel...)
	}
}

// elsewhere returns the function of another package that an event is a call of, or nil.
func elsewhere(ev *syncmodel.Event) *types.Func {
	call, ok := ev.Instr.(ssa.CallInstruction)
	if !ok || ev.Kind != syncmodel.EvSend && ev.Kind != syncmodel.EvRecv {
		return nil
	}
	fn, _ := lazyssa.Callee(call).(*types.Func)
	return fn
}

// waiter says what waits for a wait group: a Wait, or a call of what does in another package.
func waiter(ev *syncmodel.Event) string {
	if fn := lazyssa.Callee(ev.Instr.(ssa.CallInstruction)); fn != nil && fn.Name() != "Wait" {
		return "this call of " + fn.Name()
	}
	return "this Wait"
}

// lostElsewhere reports an operation on a channel that is done by a function of another package.
func (f *finder) lostElsewhere(l *syncmodel.Lost, by *types.Func, why, room string, rel []analysis.RelatedInformation) {
	who := fmt.Sprintf("this call of %s blocks forever %s", by.Name(), why)
	if l.Go != nil {
		who = fmt.Sprintf("the goroutine that runs %s blocks forever %s", by.Name(), why)
	}
	if l.At.Kind == syncmodel.EvSend {
		f.report(l.At.Instr, abandonedSend, fmt.Sprintf("%s: it sends to a channel from which nobody receives, and %s", who, room), rel...)
		return
	}
	f.report(l.At.Instr, lostSignal, fmt.Sprintf("%s: it receives from a channel to which nobody sends and which nobody closes", who), rel...)
}

// sentBefore reports whether the stuck goroutine has sent to the channel before, elsewhere.
func sentBefore(l *syncmodel.Lost) bool {
	return slices.ContainsFunc(l.Trace.Events[:l.Done], func(ev *syncmodel.Event) bool {
		return ev.Kind == syncmodel.EvSend && ev.Obj == l.Obj && ev.Instr != l.At.Instr
	})
}

// why tells on which path the partner of a stuck goroutine is gone.
func (f *finder) why(l *syncmodel.Lost) (string, []analysis.RelatedInformation) {
	partners := slices.Clone(l.Partners)
	slices.SortStableFunc(partners, func(a, b *syncmodel.Partner) int { return btoi(f.owes(b, l)) - btoi(f.owes(a, l)) })
	for _, p := range partners {
		if p.Done < len(p.Trace.Events) {
			continue // stuck as well
		}
		uses, turned := l.Go == nil || f.owes(p, l), (*syncmodel.Event)(nil)
		for _, ev := range p.Trace.Events {
			switch {
			case ev.Obj == l.Obj:
				uses, turned = true, nil
			case slices.ContainsFunc(ev.Cases, func(c *syncmodel.Event) bool { return c.Obj == l.Obj }):
				uses, turned = true, ev
				if ev.Chosen != nil && ev.Chosen.Obj == l.Obj {
					turned = nil
				}
			}
		}
		if !uses && p.Go != nil {
			continue
		}
		if turned != nil && !(l.Given && p.Go == nil) { // after that, the caller may get it yet
			rel := []analysis.RelatedInformation{{Pos: turned.Pos, Message: "when this case is taken"}}
			return fmt.Sprintf("when the select at %s takes another case", f.line(turned.Instr.Pos())), rel
		}
		who := funcName(l.Root)
		if p.Go != nil {
			who = fmt.Sprintf("the goroutine started at %s", f.line(p.Go.Pos()))
		}
		if end := p.Trace.End; end.IsValid() {
			rel := []analysis.RelatedInformation{{Pos: end, Message: "when this return is reached"}}
			return fmt.Sprintf("when %s returns at %s", who, f.line(end)), rel
		}
		return fmt.Sprintf("once %s returns", who), nil
	}
	if p := l.Partners; len(p) > 0 && p[0].Go == nil && p[0].Done < len(p[0].Trace.Events) {
		at := p[0].Trace.Events[p[0].Done].Instr.Pos()
		rel := []analysis.RelatedInformation{{Pos: at, Message: "waiting here"}}
		return fmt.Sprintf("while %s waits at %s", funcName(l.Root), f.line(at)), rel
	}
	return "on one path", nil
}

// owes reports whether a goroutine has ended in the very function that does the other half of
// the operation elsewhere.
func (f *finder) owes(p *syncmodel.Partner, l *syncmodel.Lost) bool {
	site, ok := l.Obj.Site.(ssa.Value)
	if p.Go == nil || !ok || !p.Trace.End.IsValid() {
		return false
	}
	within := func(fn *ssa.Function) bool {
		syntax := fn.Syntax()
		return syntax != nil && syntax.Pos() <= p.Trace.End && p.Trace.End < syntax.End()
	}
	return slices.ContainsFunc(f.model.ClassOf(site).Ops(), func(op *syncmodel.Op) bool {
		fn := op.Instr.Parent()
		return fn != l.At.Instr.Parent() && within(fn) && !slices.ContainsFunc(fn.AnonFuncs, within)
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func funcName(fn *ssa.Function) string {
	if fn.Object() != nil {
		return fn.Name()
	}
	return "the function"
}
