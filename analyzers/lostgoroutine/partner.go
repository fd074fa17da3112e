package lostgoroutine

import (
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/syncmodel"
)

// partnersExit reports operations whose only partner may be gone. Whether anybody still
// asks by then is not to be seen, as a rule; such are reported on demand only.
func (f *finder) partnersExit() {
	for _, l := range f.model.Leavers() {
		for _, op := range l.Left {
			if !f.all && !slices.Contains(l.Sure, op) || f.ends(op.Fn) {
				continue
			}
			name := f.operand(op.Instr, token.NoPos)
			if op.Kind != syncmodel.Send && l.End != nil {
				f.report(op.Instr, partnerExits, fmt.Sprintf("this receive blocks forever once %s has returned%s: nobody else sends to %s or closes it", funcName(l.Fn), f.atLine(l.End.Pos()), name),
					analysis.RelatedInformation{Pos: l.End.Pos(), Message: "nobody sends after this return"})
				continue
			}
			if op.Kind != syncmodel.Send {
				f.report(op.Instr, partnerExits, fmt.Sprintf("this receive blocks forever if %s has taken another case than its send: nobody else sends to %s or closes it", funcName(l.Fn), name))
				continue
			}
			rel := []analysis.RelatedInformation{{Pos: l.End.Pos(), Message: "nobody receives after this return"}}
			if l.Over != nil {
				f.report(op.Instr, partnerExits, fmt.Sprintf("this select blocks once %s has returned%s, until another case of it ends: nobody else receives from %s, and the select does not ask for what %s closes at its end, at %s",
					funcName(l.Fn), f.atLine(l.End.Pos()), f.operand(op.Instr, op.Pos()), funcName(l.Fn), f.line(l.Over.Pos())), rel...)
				continue
			}
			f.report(op.Instr, partnerExits, fmt.Sprintf("this send blocks forever once %s has returned%s: nobody else receives from %s", funcName(l.Fn), f.atLine(l.End.Pos()), name), rel...)
		}
	}
}

// pipes reports readers of a pipe that stop before its end, and leave the goroutine that writes to it.
func (f *finder) pipes() {
	for _, p := range f.model.OpenPipes() {
		if f.ends(p.Read.Parent()) || f.tests.Has(p.Read.Pos()) && !f.all {
			continue
		}
		name := "Copy"
		if c := p.Read.Common(); c.IsInvoke() {
			name = c.Method.Name()
		}
		f.report(p.Read, partnerExits, fmt.Sprintf("the goroutine started at %s blocks forever in its write to the pipe if this call of %s returns before it has read all: nobody closes the reader",
			f.line(p.Go.Pos()), name), analysis.RelatedInformation{Pos: p.Go.Pos(), Message: "the goroutine is started here"})
	}
}

// overflows reports, on demand, sends to buffers that nobody is sure to empty.
func (f *finder) overflows() {
	for _, op := range f.model.Overflows() {
		if f.ends(op.Fn) {
			continue
		}
		f.report(op.Instr, noPartner, fmt.Sprintf("this send blocks forever once the buffer is full: nobody waits to receive from %s", f.operand(op.Instr, token.NoPos)))
	}
}

// atLine says where something is, if that is known.
func (f *finder) atLine(pos token.Pos) string {
	if !pos.IsValid() {
		return ""
	}
	return " at " + f.line(pos)
}
