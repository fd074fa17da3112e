package lostgoroutine

import (
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// scenarios reports goroutines that a function leaves behind for ever on one of its paths.
func (f *finder) scenarios() {
	for _, fn := range f.model.Funcs() {
		if f.ends(fn) {
			continue
		}
		for _, lost := range f.model.Scenarios(fn) {
			f.lost(lost)
		}
	}
}

func (f *finder) lost(l *syncmodel.Lost) {
	op := l.At
	name := f.operand(op.Instr, l.Obj.Site)
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
	switch op.Kind {
	case syncmodel.EvSend:
		switch {
		case l.Go == nil:
			f.report(op.Instr, lostSignal, fmt.Sprintf("this send blocks forever %s: nobody receives from %s any more and %s", why, name, room), rel...)
		case f.sentBefore(l):
			f.report(op.Instr, doubleSend, fmt.Sprintf("this send blocks forever: %s was sent to before on this path and only %s received%s", name, times(l.Received), started), rel...)
		case l.Stuck+l.Received > 1 && l.Received > 0:
			f.reportFix(op.Instr, firstWins, fmt.Sprintf("this send blocks forever in all goroutines but the first: only %s received from %s and %s%s", times(l.Received), name, room, started), f.buffer(l), rel...)
		default:
			f.reportFix(op.Instr, abandonedSend, fmt.Sprintf("this send blocks forever %s: nobody receives from %s and %s%s", why, name, room, started), f.buffer(l), rel...)
		}
	case syncmodel.EvRecv:
		if u, ok := op.Instr.(*ssa.UnOp); ok && syncmodel.IsRange(u) {
			f.report(op.Instr, unclosedRange, fmt.Sprintf("this range never ends %s: %s is not closed%s", why, name, started), rel...)
			return
		}
		f.report(op.Instr, lostSignal, fmt.Sprintf("this receive blocks forever %s: nobody sends to %s or closes it%s", why, name, started), rel...)
	case syncmodel.EvWait:
		f.report(op.Instr, waitGroup, fmt.Sprintf("this Wait never returns %s: not every Add is matched by a Done%s", why, started), rel...)
	case syncmodel.EvSelect:
		f.report(op.Instr, lostSignal, fmt.Sprintf("this select blocks forever %s: no other goroutine is left for any of its cases%s", why, started), rel...)
	}
}

func times(n int) string {
	switch n {
	case 0:
		return "nothing is"
	case 1:
		return "one value is"
	}
	return fmt.Sprintf("%d values are", n)
}

// sentBefore reports whether the stuck goroutine has sent to the channel before.
func (f *finder) sentBefore(l *syncmodel.Lost) bool {
	return slices.ContainsFunc(l.Trace.Events[:l.Done], func(ev *syncmodel.Event) bool {
		return ev.Kind == syncmodel.EvSend && ev.Obj == l.Obj && ev.Instr != l.At.Instr
	})
}

// why tells on which path the partner of a stuck goroutine is gone.
func (f *finder) why(l *syncmodel.Lost) (string, []analysis.RelatedInformation) {
	for _, p := range l.Partners {
		if p.Done < len(p.Trace.Events) {
			continue // stuck as well
		}
		uses := false
		var turned *syncmodel.Event
		for _, ev := range p.Trace.Events {
			if ev.Obj == l.Obj {
				uses = true
			}
			if ev.Kind == syncmodel.EvSelect && slices.ContainsFunc(ev.Cases, func(c *syncmodel.Event) bool { return c.Obj == l.Obj }) {
				uses = true
				if turned = ev; ev.Chosen != nil && ev.Chosen.Obj == l.Obj {
					turned = nil
				}
			}
		}
		if turned != nil {
			at := turned.Instr.Pos()
			rel := []analysis.RelatedInformation{{Pos: turned.Pos, Message: "when this case is taken"}}
			return fmt.Sprintf("when the select at %s takes another case", f.line(at)), rel
		}
		if !uses && p.Go != nil {
			continue
		}
		end := p.Trace.End
		if !end.IsValid() {
			return fmt.Sprintf("once %s returns", f.funcName(l.Root, p.Go)), nil
		}
		rel := []analysis.RelatedInformation{{Pos: end, Message: "when this return is reached"}}
		return fmt.Sprintf("when %s returns at %s", f.funcName(l.Root, p.Go), f.line(end)), rel
	}
	return "on one path", nil
}

func (f *finder) funcName(root *ssa.Function, goStmt ssa.Instruction) string {
	if goStmt != nil {
		return fmt.Sprintf("the goroutine started at %s", f.line(goStmt.Pos()))
	}
	if root.Object() != nil {
		return root.Name()
	}
	return "the function"
}

// buffer offers to give a channel the room that its senders need.
func (f *finder) buffer(l *syncmodel.Lost) []analysis.SuggestedFix { return nil }

// operand describes the channel or wait group of an operation as the source does.
func (f *finder) operand(instr ssa.Instruction, made ssa.Instruction) string {
	return "the channel"
}

var _ = token.NoPos
var _ = lint.IsTest
