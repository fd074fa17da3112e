package lostgoroutine

import (
	"fmt"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// idioms reports mistakes that can be told from a few lines.
func (f *finder) idioms() {
	for _, op := range f.model.NilFields() {
		if f.ends(op.Fn) || lint.IsTest(f.pass, op.Instr.Pos()) && !f.all {
			continue
		}
		verb := "receive"
		switch op.Kind {
		case syncmodel.Send:
			verb = "send"
		case syncmodel.Range:
			verb = "range"
		}
		f.report(op.Instr, nilChannel, fmt.Sprintf("this %s blocks forever: nothing ever sets %s, so that it is nil", verb, f.operand(op.Instr, token.NoPos)))
	}
	for _, fn := range f.model.Funcs() {
		spawned := f.spawned(fn)
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch v := instr.(type) {
				case *ssa.UnOp:
					if v.Op == token.ARROW && isNil(v.X) {
						f.report(v, nilChannel, fmt.Sprintf("this receive blocks forever: %s is always nil", f.operand(v, token.NoPos)))
					}
				case *ssa.Send:
					if isNil(v.Chan) {
						f.report(v, nilChannel, fmt.Sprintf("this send blocks forever: %s is always nil", f.operand(v, token.NoPos)))
					}
				case *ssa.Select:
					if len(v.States) == 0 && v.Blocking && spawned && (f.all || !lint.IsTest(f.pass, v.Pos())) {
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
			if c := call.Common(); c.IsInvoke() || c.StaticCallee() == nil || c.StaticCallee().Name() == "Lock" {
				return
			}
		}
	}
	f.report(wait, condition, fmt.Sprintf("this Wait may miss its signal and block forever: the function literal neither locks %s.L nor checks a condition in a loop", f.operand(wait, token.NoPos)))
}
