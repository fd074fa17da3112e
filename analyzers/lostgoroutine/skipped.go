package lostgoroutine

import (
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// skips reports functions that leave out on one of their paths what others wait for.
func (f *finder) skips() {
	for _, x := range f.model.SkippedDones() {
		if !f.believed(x) {
			continue
		}
		wait := x.Waits[0]
		name := f.operand(wait.Instr, token.NoPos)
		msg := fmt.Sprintf("this Wait never returns once a round of the loop around %s goes by without the Done on %s that others do", f.line(x.Op.Instr.Pos()), name)
		if x.Ret != nil {
			msg = fmt.Sprintf("this Wait never returns once %s has returned%s: that way it does not call Done on %s", f.nameOf(x.Fn), f.atLine(x.Ret.Pos()), name)
		}
		f.report(wait.Instr, waitGroup, msg, f.skipping(x)...)
	}
	for _, x := range f.model.UnmatchedAdds() {
		f.report(x.Op.Instr, waitGroup, fmt.Sprintf("this Add counts a goroutine that is not started on a path to the return%s, and nobody else calls Done: Wait at %s never returns then",
			f.atLine(x.Ret.Pos()), f.line(x.Waits[0].Instr.Pos())), analysis.RelatedInformation{Pos: x.Ret.Pos(), Message: "this return is reached without it"})
	}
	for _, x := range f.model.SkippedRounds() {
		if f.believed(x) {
			wait := x.Waits[0]
			f.report(wait.Instr, waitGroup, fmt.Sprintf("this Wait never returns if the loop%s goes on to the next round without a Done on %s, as it may: Add has counted every round",
				f.atLine(f.loopOf(x.From.(*ssa.If))), f.operand(wait.Instr, token.NoPos)), analysis.RelatedInformation{Pos: x.Op.Instr.Pos(), Message: "other rounds lead to this Done"})
		}
	}
	for _, x := range f.model.SkippedSends() {
		if f.believed(x) && !f.ends(x.Fn) {
			wait := x.Waits[0]
			f.report(wait.Instr, lostSignal, fmt.Sprintf("this receive blocks forever if the loop%s goes on to the next round without the goroutine that sends to %s, as it may: every round of this loop waits for one",
				f.atLine(f.loopOf(x.From.(*ssa.If))), f.operand(wait.Instr, token.NoPos)), analysis.RelatedInformation{Pos: x.Op.Instr.Pos(), Message: "the send that other rounds lead to"})
		}
	}
	for _, x := range f.model.SkippedCloses() {
		if f.believed(x) && !f.ends(x.Fn) && (f.all || x.Joint || !f.onlyOnce()[x.Fn]) {
			wait, what, category := x.Waits[0], "receive blocks forever", lostSignal
			if wait.Kind == syncmodel.Range {
				what, category = "range never ends", unclosedRange
			}
			f.report(wait.Instr, category, fmt.Sprintf("this %s if %s returns%s: that way it does not close %s, and nobody else does",
				what, f.nameOf(x.Fn), f.atLine(x.Ret.Pos()), f.operand(wait.Instr, token.NoPos)), f.skipping(x)...)
		}
	}
}

// spoiled reports goroutines of which the only end may fail before it has ended them, and is not tried again.
func (f *finder) spoiled() {
	for _, e := range f.model.SpoiledEnds() {
		wait := e.Gate.Waits[0]
		if f.ends(e.Ret.Parent()) || f.onlyOnce()[e.Gate.Go.Parent()] || f.reportedGate(e.Gate) || f.tests.Has(e.Ret.Pos()) && !f.all {
			continue
		}
		f.report(wait.At, lostSignal, fmt.Sprintf("this goroutine never ends if %s returns%s: that way it does not close %s, and it does nothing when it is called again",
			f.nameOf(e.Ret.Parent()), f.atLine(e.Ret.Pos()), f.operand(wait.At, wait.Pos())),
			analysis.RelatedInformation{Pos: e.Ret.Pos(), Message: "this return is reached without the close"},
			analysis.RelatedInformation{Pos: e.End.Instr.Pos(), Message: "the only close"},
			analysis.RelatedInformation{Pos: e.Gate.Go.Pos(), Message: "the goroutine is started here"})
	}
}

// loopOf returns where the loop begins that goes on by the first side of a test.
func (f *finder) loopOf(test *ssa.If) token.Pos {
	for _, instr := range test.Block().Succs[0].Instrs {
		for _, n := range lint.Enclosing(f.pass, instr.Pos()) {
			switch n.(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				return n.Pos()
			}
		}
	}
	return test.Cond.Pos()
}

// slots reports places in a semaphore that are not given back on a path.
func (f *finder) slots() {
	for _, x := range f.model.LostSlots() {
		if f.believed(x) {
			way := "to the next round"
			if x.Ret != nil {
				way = "to the return" + f.atLine(x.Ret.Pos())
			}
			f.report(x.From, lostSlot, fmt.Sprintf("the place taken here is not given back on a path %s: when %s has no room left, this blocks forever",
				way, f.operand(x.From, token.NoPos)), f.skipping(x)...)
		}
	}
}

// replies reports senders of an answer that nobody waits for any more.
func (f *finder) replies() {
	for _, r := range f.model.Replies() {
		if !f.all && !r.Ends {
			continue
		}
		var rel []analysis.RelatedInformation
		if r.Ret.Pos().IsValid() {
			rel = append(rel, analysis.RelatedInformation{Pos: r.Ret.Pos(), Message: "when this return is reached"})
		}
		for _, op := range r.More {
			rel = append(rel, analysis.RelatedInformation{Pos: op.Instr.Pos(), Message: "so does this send"})
		}
		f.report(r.Send.Instr, abandonedSend, fmt.Sprintf("this send blocks forever when %s returns%s without waiting for it: nobody else receives from %s and it has no buffer",
			f.nameOf(r.Fn), f.atLine(r.Ret.Pos()), f.operand(r.Send.Instr, token.NoPos)), rel...)
	}
}

// asked returns the position of what a condition asks.
func asked(cond ssa.Value) token.Pos {
	for range 3 {
		if cond.Pos().IsValid() {
			break
		}
		switch v := cond.(type) {
		case *ssa.Extract:
			cond = v.Tuple
		case *ssa.UnOp:
			cond = v.X
		case *ssa.BinOp:
			cond = v.X
		}
	}
	return cond.Pos()
}

// seconds reports answers that are sent behind another one.
func (f *finder) seconds() {
	for _, s := range f.model.Seconds() {
		f.report(s.Send.Instr, doubleSend, fmt.Sprintf("this send blocks forever after the one at %s on the same path: %s receives from %s once and it has no buffer",
			f.line(s.First.Instr.Pos()), f.nameOf(s.Fn), f.operand(s.Send.Instr, token.NoPos)), analysis.RelatedInformation{Pos: s.First.Instr.Pos(), Message: "the answer has been sent here"})
	}
}

// unanswered reports receives of an answer to a request that is dropped or forgotten.
func (f *finder) unanswered() {
	for _, u := range f.model.Unanswered() {
		answer := f.operand(u.Recv.Instr, token.NoPos)
		if ret, ok := u.At.(*ssa.Return); ok {
			f.report(u.Recv.Instr, lostSignal, fmt.Sprintf("this receive blocks forever when %s returns%s with the request still in the buffer: nobody answers it then; what the send looks at ends this wait, too",
				f.nameOf(u.Fn), f.atLine(ret.Pos())), analysis.RelatedInformation{Pos: ret.Pos(), Message: "the requests are left here"})
			continue
		}
		if u.Took == nil {
			f.report(u.Recv.Instr, lostSignal, fmt.Sprintf("this receive blocks forever when the select%s of %s drops the request: then nobody has %s to answer to",
				f.atLine(u.At.Pos()), f.nameOf(u.Fn), answer), analysis.RelatedInformation{Pos: u.At.Pos(), Message: "the request is dropped here"})
			continue
		}
		pos := asked(u.At.(*ssa.If).Cond)
		f.report(u.Recv.Instr, lostSignal, fmt.Sprintf("this receive blocks forever when %s goes on to the next request%s without an answer: nobody else has %s",
			f.nameOf(u.Fn), f.atLine(pos), answer), analysis.RelatedInformation{Pos: u.Took.Instr.Pos(), Message: "the request is taken here"})
	}
}

// pending reports receives of an answer from who may fail and forget those that wait for one.
func (f *finder) pending() {
	for _, p := range f.model.Pending() {
		if f.ends(p.Recv.Fn) || f.ends(p.Fn) {
			continue
		}
		rel := []analysis.RelatedInformation{{Pos: p.Answer.Instr.Pos(), Message: "the answer is given here"}}
		if at := p.Ret.Pos(); at.IsValid() {
			rel = append(rel, analysis.RelatedInformation{Pos: at, Message: "it returns here"})
		}
		f.report(p.Recv.Instr, partnerExits, fmt.Sprintf("this receive blocks forever once %s has returned%s: it alone answers those that wait in %s, and tells nobody who is left there",
			f.nameOf(p.Fn), f.atLine(p.Ret.Pos()), p.In.Name()), rel...)
	}
}

// emptied reports receives of an answer from a channel that is thrown away together with all others.
func (f *finder) emptied() {
	for _, e := range f.model.Emptied() {
		if f.ends(e.Recv.Fn) {
			continue
		}
		f.report(e.Recv.Instr, lostSignal, fmt.Sprintf("this receive blocks forever when %s empties the map%s that others find %s in: nobody can send to it or close it any more; close each channel before",
			f.nameOf(e.At.Parent()), f.atLine(e.At.Pos()), f.operand(e.Recv.Instr, token.NoPos)), analysis.RelatedInformation{Pos: e.At.Pos(), Message: "the map is emptied here"})
	}
}

// unstopped reports functions that return without having told those who send to them to stop.
func (f *finder) unstopped() {
	for _, u := range f.model.Unstopped() {
		if f.reported(u.Send.Instr) || f.ends(u.Start.Parent()) {
			continue
		}
		at := u.Ret.Pos()
		if !at.IsValid() {
			at = u.Start.Pos()
		}
		f.reportAt(at, at+1, abandonedSend, fmt.Sprintf("the goroutines started at %s are left behind on this way: it does not close %s, as others do, and they wait at %s for that, or for somebody who receives, which nobody else does",
			f.line(u.Start.Pos()), f.operand(u.Told.Instr, u.Told.Pos()), f.line(u.Send.Pos())), nil,
			analysis.RelatedInformation{Pos: u.Send.Pos(), Message: "they wait here"}, analysis.RelatedInformation{Pos: u.Close.Instr.Pos(), Message: "other ways close it here"})
	}
}

func (f *finder) believed(x *syncmodel.Skipped) bool {
	return f.all || x.Sure
}

func (f *finder) skipping(x *syncmodel.Skipped) (rel []analysis.RelatedInformation) {
	if x.Ret != nil && x.Ret.Pos().IsValid() {
		rel = append(rel, analysis.RelatedInformation{Pos: x.Ret.Pos(), Message: "this return is reached without it"})
	}
	return append(rel, analysis.RelatedInformation{Pos: x.Op.Instr.Pos(), Message: "the operation that other paths do"})
}

// selfWaits reports goroutines that wait for their own end.
func (f *finder) selfWaits() {
	for _, s := range f.model.SelfWaits() {
		if !f.all && !s.Sure {
			continue
		}
		op, ends := "receive", "closes"
		switch {
		case s.Wait.Kind == syncmodel.Wait:
			op, ends = "Wait", "is done with"
		case s.Wait.Kind == syncmodel.Range:
			op = "range"
		case s.End.Kind == syncmodel.Send:
			ends = "sends to"
		}
		var rel []analysis.RelatedInformation
		for _, call := range s.Chain {
			rel = append(rel, analysis.RelatedInformation{Pos: call.Pos(), Message: "by way of this call in " + f.nameOf(call.Parent())})
		}
		rel = append(rel, analysis.RelatedInformation{Pos: s.End.Instr.Pos(), Message: "what it waits for"})
		name := f.operand(s.Wait.Instr, token.NoPos)
		f.report(s.Wait.Instr, selfWait, fmt.Sprintf("this %s blocks forever in the goroutine of %s, which comes here itself and %s %s only when it ends",
			op, f.nameOf(s.Fn), ends, name), rel...)
	}
}

// selfSends reports loops that send to the channel which they alone receive from.
func (f *finder) selfSends() {
	for _, s := range f.model.SelfSends() {
		if !f.all && !s.Sure || f.ends(s.Fn) {
			continue
		}
		name, when := f.operand(s.Wait.Instr, token.NoPos), ""
		if s.Full {
			when = " once the buffer is full"
		}
		var rel []analysis.RelatedInformation
		for _, call := range s.Chain {
			rel = append(rel, analysis.RelatedInformation{Pos: call.Pos(), Message: "by way of this call in " + f.nameOf(call.Parent())})
		}
		rel = append(rel, analysis.RelatedInformation{Pos: s.End.Instr.Pos(), Message: "only this receives"})
		f.report(s.Wait.Instr, selfWait, fmt.Sprintf("this send blocks forever%s: it is made by the loop of %s, which comes here itself, and nobody else receives from %s", when, f.nameOf(s.Fn), name), rel...)
	}
}

// nameOf names a function so that a reader finds it.
func (f *finder) nameOf(fn *ssa.Function) string {
	if fn.Parent() != nil {
		return "the function literal at " + f.line(fn.Pos())
	}
	return fn.Name()
}
