package lostgoroutine

import (
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// nilFields reports operations on channels in fields that are nil, always or in some objects.
func (f *finder) nilFields() {
	for _, op := range f.model.NilFields() {
		if !f.ends(op.Fn) {
			f.report(op.Instr, nilChannel, fmt.Sprintf("this %s blocks forever: nothing ever sets %s, so that it is nil", verbOf(op), f.operand(op.Instr, token.NoPos)))
		}
	}
	for _, x := range f.model.SometimesNil() {
		if x.Sure || f.all {
			name, asked := f.operand(x.Op.Instr, token.NoPos), "which others ask before"
			if x.With != nil {
				asked = fmt.Sprintf("as %s is, of which the function asks that", x.With.Name())
			}
			f.report(x.Op.Instr, nilChannel, fmt.Sprintf("this %s blocks forever where %s is nil, %s: the object that is made at %s has none", verbOf(x.Op), name, asked, f.line(x.Made.Pos())),
				analysis.RelatedInformation{Pos: x.Made.Pos(), Message: "made without " + name})
		}
	}
	for _, x := range f.model.OptionalChans() {
		f.report(x.Op.Instr, nilChannel, fmt.Sprintf("this %s %s blocks forever unless the option %s is given: it is nil then, and nobody asks for that", withChan(x.Op), f.operand(x.Op.Instr, token.NoPos), x.Option.Name()),
			analysis.RelatedInformation{Pos: x.Option.Pos(), Message: "only this sets it"})
	}
	for _, h := range f.model.HalfMade() {
		f.report(h.Op.Instr, nilChannel, fmt.Sprintf("this %s %s blocks forever where it is nil: it is made at %s only on one side of the condition", withChan(h.Op), f.operand(h.Op.Instr, token.NoPos), f.line(h.Make.Pos())),
			analysis.RelatedInformation{Pos: h.Make.Pos(), Message: "the channel is made here"})
	}
}

// wakings reports signals of a condition that some who wait miss.
func (f *finder) wakings() {
	for _, l := range f.model.Latches() {
		if l.Again == nil && l.Broadcast == nil && !l.Offered && !f.all {
			continue
		}
		rel := []analysis.RelatedInformation{{Pos: l.Wait.Instr.Pos(), Message: "they wait here"}}
		who := "those who wait"
		if l.Again != nil {
			who = "the goroutines started at " + f.line(l.Again.Pos())
			rel = append(rel, analysis.RelatedInformation{Pos: l.Again.Pos(), Message: "the goroutines are started here"})
		}
		wakes := "nobody wakes the others"
		if l.Broadcast != nil {
			wakes = "the others sleep on until " + f.line(l.Broadcast.Instr.Pos()) + " wakes all for something else"
			rel = append(rel, analysis.RelatedInformation{Pos: l.Broadcast.Instr.Pos(), Message: "all who wait are woken here"})
		}
		f.report(l.Signal.Instr, condition, fmt.Sprintf("this Signal wakes only one of %s, and %s, though %s stays true: Broadcast does", who, wakes, l.Flag.Name()), rel...)
	}
	for _, x := range f.model.Mixed() {
		if x.Again == nil {
			f.report(x.Signal.Instr, condition, fmt.Sprintf("this Signal wakes one of those who wait at %s, each for its own %s: there may be too little for that one, or enough for another as well, and nobody wakes the others; Broadcast does",
				f.line(x.Wait.Instr.Pos()), x.For.Name()), analysis.RelatedInformation{Pos: x.Wait.Instr.Pos(), Message: "they wait here"})
			continue
		}
		f.report(x.Signal.Instr, condition, fmt.Sprintf("this Signal wakes one of the goroutines started at %s, each of which waits for its own %s at %s: perhaps not the one that can go on, and nobody wakes the others; Broadcast does",
			f.line(x.Again.Pos()), x.For.Name(), f.line(x.Wait.Instr.Pos())),
			analysis.RelatedInformation{Pos: x.Wait.Instr.Pos(), Message: "they wait here"}, analysis.RelatedInformation{Pos: x.Again.Pos(), Message: "the goroutines are started here"})
	}
	for _, u := range f.model.Unwoken() {
		if u.Early != nil {
			f.report(u.Set, condition, fmt.Sprintf("%s ends the wait at %s, but who waits is woken at %s, before it is set: who looks in between waits on; wake them behind this", u.Flag.Name(), f.line(u.Wait.Instr.Pos()), f.line(u.Early.Pos())),
				analysis.RelatedInformation{Pos: u.Wait.Instr.Pos(), Message: "they wait here"}, analysis.RelatedInformation{Pos: u.Early.Pos(), Message: "they are woken here"})
			continue
		}
		f.report(u.Set, condition, fmt.Sprintf("%s ends the wait at %s, but nobody is woken to see it: who waits there when it is set waits on; Broadcast tells them", u.Flag.Name(), f.line(u.Wait.Instr.Pos())),
			analysis.RelatedInformation{Pos: u.Wait.Instr.Pos(), Message: "they wait here"})
	}
	for _, s := range f.model.Missed() {
		f.report(s.Signal, condition, fmt.Sprintf("this %s is made without the lock of the condition: who asked at %s a moment ago, and is about to wait, misses it and waits on; take the lock around it", s.Name, f.line(s.Asks.Pos())),
			analysis.RelatedInformation{Pos: s.Wait.Instr.Pos(), Message: "they wait here"})
	}
}

// idioms reports mistakes that can be told from a few lines.
func (f *finder) idioms() {
	for _, fn := range f.model.Funcs() {
		spawned := f.spawned(fn)
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch v := instr.(type) {
				case *ssa.UnOp:
					if v.Op == token.ARROW && isNil(v.X) && (f.all || !f.standsIn(v)) {
						f.report(v, nilChannel, fmt.Sprintf("this receive blocks forever: %s is always nil", f.operand(v, token.NoPos)))
					}
				case *ssa.Send:
					if isNil(v.Chan) {
						f.report(v, nilChannel, fmt.Sprintf("this send blocks forever: %s is always nil", f.operand(v, token.NoPos)))
					}
				case *ssa.Select:
					if len(v.States) == 0 && v.Blocking && spawned {
						f.report(v, noExit, "this select without cases blocks its goroutine forever")
					}
				case *ssa.Call:
					if lint.IsMethod(lazyssa.Callee(v), "sync", "Cond", "Wait") {
						f.condWait(fn, v)
					}
				}
			}
		}
	}
}

// verbOf says what an operation on a channel does.
func verbOf(op *syncmodel.Op) string {
	switch op.Kind {
	case syncmodel.Send:
		return "send"
	case syncmodel.Range:
		return "range"
	}
	return "receive"
}

// withChan says what an operation does with the channel that is named next.
func withChan(op *syncmodel.Op) string {
	if op.Kind == syncmodel.Send {
		return "send to"
	}
	return "receive from"
}

// standsIn reports whether a receive is one of a test, in a literal, from a variable of the
// function around it: it stands for work that does not end.
func (f *finder) standsIn(recv *ssa.UnOp) bool {
	load, ok := recv.X.(*ssa.UnOp)
	if !ok {
		return false
	}
	_, captured := load.X.(*ssa.FreeVar)
	return captured && f.tests.Has(recv.Pos())
}

func isNil(v ssa.Value) bool {
	for {
		c, ok := v.(*ssa.ChangeType)
		if !ok {
			break
		}
		v = c.X
	}
	switch v := v.(type) {
	case *ssa.Const:
		return v.Value == nil
	case *ssa.UnOp:
		return v.Op == token.MUL && syncmodel.NeverAssigned(v.X)
	}
	return false
}

// spawned reports whether fn is a function literal of a go statement that is not
// part of the start of a program.
func (f *finder) spawned(fn *ssa.Function) bool {
	parent := fn.Parent()
	if parent == nil || f.ends(parent) {
		return false
	}
	for _, b := range parent.Blocks {
		for _, instr := range b.Instrs {
			if g, ok := instr.(*ssa.Go); ok && g.Call.StaticCallee() == fn {
				return true
			}
		}
	}
	return false
}

// takesLock reports whether a function is Lock, or calls it, as one that hides the lock.
func takesLock(fn *ssa.Function) bool {
	if fn.Name() == "Lock" {
		return true
	}
	return slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
			call, ok := instr.(*ssa.Call)
			return ok && call.Call.StaticCallee() != nil && call.Call.StaticCallee().Name() == "Lock"
		})
	})
}

// condWait reports a Wait in a function literal that neither holds the lock, as far
// as it shows, nor looks at the condition: as a goroutine or callback it unlocks
// what somebody else has locked, and a signal that came before is lost.
func (f *finder) condWait(fn *ssa.Function, wait *ssa.Call) {
	if fn.Parent() == nil {
		return
	}
	for _, b := range fn.Blocks {
		for _, succ := range b.Succs {
			if succ.Dominates(b) {
				return // a loop
			}
		}
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || call == wait {
				continue
			}
			if c := call.Common(); c.IsInvoke() || c.StaticCallee() == nil || takesLock(c.StaticCallee()) {
				return
			}
		}
	}
	f.report(wait, condition, fmt.Sprintf("this Wait may miss its signal and block forever: the function literal neither locks %s.L nor checks a condition in a loop", f.operand(wait, token.NoPos)))
}
