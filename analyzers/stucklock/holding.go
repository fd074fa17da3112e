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

// blockedHolding reports operations that wait for somebody who needs a lock that is held
// meanwhile.
func (f *finder) blockedHolding() {
	for _, b := range f.locks.Blocked() {
		if b.Weak && !f.all {
			continue
		}
		ops := f.locks.OpsAt(b.At)
		if len(ops) == 0 {
			continue
		}
		if sel, ok := b.At.(*ssa.Select); ok && len(ops) < len(sel.States) {
			continue
		}
		for i, h := range b.Held {
			if f.stuck(b, h, b.Guarded[i], ops) || f.all && f.starves(b, h, ops[0]) {
				break
			}
		}
	}
}

// stuck decides about one lock that is held while an instruction waits, and reports.
func (f *finder) stuck(b *syncmodel.BlockEvent, h syncmodel.Hold, guarded bool, ops []*syncmodel.Op) bool {
	var first syncmodel.LockedPartner
	need := syncmodel.SurelyNeed
	for _, op := range ops {
		if op.Kind == syncmodel.CondWait {
			if lock := f.locks.CondLock(op); lock == nil || lock.Class() == h.Lock.Class() {
				return false
			}
		}
		partners := f.partners(op, h)
		if len(partners) == 0 {
			if f.toCallers(op) {
				continue // who may have stopped to receive: the other cases are there for that
			}
			return false
		}
		ps := f.locks.Needs(b, h, op, partners)
		if op.Kind == syncmodel.Send && f.roomy(f.locks.ClassOfOp(op)) && !ps[0].Leaves {
			return false
		}
		if guarded && !f.all && f.locks.Heeded(b, h, ps) {
			return false
		}
		here := ps[0]
		for _, p := range ps[1:] {
			// All of those who could help need the lock; of those who must, one is enough.
			if op.Kind == syncmodel.Wait && p.Need > here.Need || op.Kind != syncmodel.Wait && p.Need < here.Need {
				here = p
			}
		}
		if need = min(need, here.Need); first.Op == nil {
			first = here
		}
	}
	if first.Op == nil || need == syncmodel.NotNeeded || need < syncmodel.SurelyNeed && !f.all {
		return false
	}
	f.reportHolding(b, h, ops[0], first, need == syncmodel.SurelyNeed && !b.Weak)
	return true
}

// toCallers reports whether a case of a select sends to who is outside of the package only.
func (f *finder) toCallers(op *syncmodel.Op) bool {
	class := f.locks.ClassOfOp(op)
	return op.Kind == syncmodel.Send && op.Select != nil && class != nil && class.Outside() == syncmodel.MayRecv && len(class.Makes()) > 0 &&
		!class.Has(syncmodel.Recv, syncmodel.Range, syncmodel.Measure)
}

// starves reports, on demand, a wait for a condition with a read lock held: as soon as a
// writer waits for it to end, no other reader gets on, whoever signals the condition.
func (f *finder) starves(b *syncmodel.BlockEvent, h syncmodel.Hold, op *syncmodel.Op) bool {
	if op.Kind != syncmodel.CondWait || !h.Read || !f.locks.Written(h.Lock) {
		return false
	}
	if lock := f.locks.CondLock(op); lock != nil && lock.Class() == h.Lock.Class() {
		return false
	}
	rel := []analysis.RelatedInformation{{Pos: h.At.Pos(), Message: h.Lock.String() + " is read-locked here"}}
	f.reportAcross(b.At, b.Chain, false, blockedHolding, "Wait", fmt.Sprintf(" keeps %s read-locked since %s for as long as it waits: a Lock of it waits too, and then every RLock behind that",
		h.Lock, f.line(h.At.Pos())), append(rel, f.calls(b.Chain)...)...)
	return true
}

// partners returns the operations that let another one go on, which is done while
// a lock is held; none if others may exist.
func (f *finder) partners(op *syncmodel.Op, h syncmodel.Hold) []*syncmodel.Op {
	class := f.locks.ClassOfOp(op)
	if class == nil {
		return nil
	}
	var kinds []syncmodel.Kind
	switch op.Kind {
	case syncmodel.Send:
		if class.Outside()&syncmodel.MayRecv != 0 || len(class.Makes()) == 0 || class.Has(syncmodel.Measure) {
			return nil
		}
		kinds = []syncmodel.Kind{syncmodel.Recv, syncmodel.Range}
	case syncmodel.Recv, syncmodel.Range:
		if class.Outside()&(syncmodel.MaySend|syncmodel.MayClose) != 0 || len(class.Makes()) == 0 || class.Has(syncmodel.Measure) || f.isSemaphore(class) {
			return nil
		}
		for _, mk := range class.Makes() {
			if n, ok := f.model.Capacity(mk); (!ok || n != 0) && !f.all && !madeUnder(op.Object, h) {
				return nil // what it waits for may be there
			}
		}
		kinds = []syncmodel.Kind{syncmodel.Send, syncmodel.Close}
		if op.Kind == syncmodel.Range && class.Has(syncmodel.Close) {
			kinds = kinds[1:]
		}
	case syncmodel.Wait:
		if class.Outside() != 0 {
			return nil
		}
		kinds = []syncmodel.Kind{syncmodel.Done}
	case syncmodel.CondWait:
		if class.Outside() != 0 {
			return nil
		}
		kinds = []syncmodel.Kind{syncmodel.Signal}
	default:
		return nil
	}
	var ps []*syncmodel.Op
	for _, p := range class.Ops() {
		if slices.Contains(kinds, p.Kind) {
			ps = append(ps, p)
		}
	}
	return ps
}

// roomy reports whether a channel may have room for all that is sent to it.
func (f *finder) roomy(class *syncmodel.Class) bool {
	return !f.isSemaphore(class) && slices.ContainsFunc(class.Makes(), func(mk *ssa.MakeChan) bool {
		n, ok := f.model.Capacity(mk)
		return !ok || n != 0 && !f.all
	})
}

// isSemaphore reports whether a channel with room carries nothing, and is only sent to and received from: it
// is made to be full at times, and what is received is there.
func (f *finder) isSemaphore(class *syncmodel.Class) bool {
	for _, mk := range class.Makes() {
		elem, ok := lint.Chan(mk.Type()).Elem().Underlying().(*types.Struct)
		if n, known := f.model.Capacity(mk); !ok || elem.NumFields() > 0 || known && n == 0 {
			return false
		}
	}
	return !slices.ContainsFunc(class.Ops(), func(op *syncmodel.Op) bool { return op.Kind != syncmodel.Send && op.Kind != syncmodel.Recv })
}

// madeUnder reports whether a channel is made while a lock is held: nothing is in it yet.
func madeUnder(ch ssa.Value, h syncmodel.Hold) bool {
	mk, ok := ch.(*ssa.MakeChan)
	if !ok || mk.Parent() != h.At.Parent() {
		return false
	}
	b := mk.Block()
	if b == h.At.Block() {
		return slices.Index(b.Instrs, h.At) < slices.Index(b.Instrs, ssa.Instruction(mk))
	}
	return h.At.Block().Dominates(b)
}

var opNames = map[syncmodel.Kind]string{
	syncmodel.Send: "send", syncmodel.Recv: "receive", syncmodel.Range: "range", syncmodel.Close: "close",
	syncmodel.Wait: "Wait", syncmodel.CondWait: "Wait", syncmodel.Done: "Done", syncmodel.Signal: "Signal",
}

func (f *finder) reportHolding(b *syncmodel.BlockEvent, h syncmodel.Hold, op *syncmodel.Op, p syncmodel.LockedPartner, sure bool) {
	what := opNames[op.Kind]
	if op.Select != nil {
		what = "select"
	}
	who := ""
	if len(b.Chain) > 0 {
		who = " by " + f.funcName(h.At.Parent())
	}
	partner, needs := opNames[p.Op.Kind], ""
	if p.Op.Starts() {
		partner, needs = "goroutine", " started"
	}
	msg := fmt.Sprintf(" waits while %s is held%s since %s, and the %s%s on %s needs that lock first: both wait for ever",
		h.Lock, who, f.line(h.At.Pos()), partner, needs, f.line(p.Op.Pos()))
	if p.Leaves {
		msg = fmt.Sprintf(" waits while %s is held%s since %s, and %s, which alone receives, needs that lock on %s when it leaves the loop: both wait for ever",
			h.Lock, who, f.line(h.At.Pos()), f.funcName(p.Op.Fn), f.line(p.Takes.Pos()))
	}
	rel := []analysis.RelatedInformation{{Pos: h.At.Pos(), Message: h.Lock.String() + " is taken here"}}
	rel = append(rel, f.calls(b.Chain)...)
	rel = append(rel, analysis.RelatedInformation{Pos: p.Op.Pos(), Message: "the " + partner + " that it waits for"})
	if p.Takes != nil {
		rel = append(rel, analysis.RelatedInformation{Pos: p.Takes.Pos(), Message: "which needs the lock here"})
	}
	f.reportAcross(b.At, b.Chain, sure && f.foreign(b, h), blockedHolding, what, msg, rel...)
}

// foreign reports whether an operation is in a method of another object than the one whose
// lock is held: nothing is wrong with the method, but with who calls it.
func (f *finder) foreign(b *syncmodel.BlockEvent, h syncmodel.Hold) bool {
	recv := b.At.Parent().Signature.Recv()
	return len(b.Chain) > 0 && recv != nil && h.Lock.Owner() != nil &&
		!types.Identical(lint.Deref(recv.Type()), lint.Deref(h.Lock.Owner()))
}
