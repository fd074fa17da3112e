package syncmodel

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// Stopped returns where somebody stops the ticker that a goroutine waits for, if nobody
// starts it anew: the channel of a stopped ticker is not closed, so that the goroutine waits
// for ever. It returns nil if there is no such place, or it is in the goroutine itself. The
// method value Stop, for somebody to call, is such a place, too.
func (m *Model) Stopped(g ssa.CallInstruction, wait *ssa.UnOp) (stop ssa.Instruction) {
	m.mu.Lock()
	defer m.mu.Unlock()
	fa := lazyssa.FieldLoaded(wait.X)
	if fa == nil || !lint.IsNamed(lint.Deref(fa.X.Type()), "time", "Ticker") {
		return nil
	}
	act := m.startedBy(g, &activation{fn: g.Parent()})
	if act == nil || act.fn != wait.Parent() {
		return nil
	}
	ticker := m.ticker(fa.X, act)
	if ticker == nil {
		return nil
	}
	for _, fn := range m.ssa.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				var obj types.Object
				var of ssa.Value
				switch instr := instr.(type) {
				case ssa.CallInstruction:
					if callee := instr.Common().StaticCallee(); callee != nil && len(instr.Common().Args) > 0 {
						obj, of = callee.Object(), instr.Common().Args[0]
					}
				case *ssa.MakeClosure:
					obj, of = instr.Fn.(*ssa.Function).Object(), instr.Bindings[0] // of a literal, obj is nil
				}
				isStop := lint.IsMethod(obj, "time", "Ticker", "Stop")
				if !isStop && !lint.IsMethod(obj, "time", "Ticker", "Reset") || m.ticker(of, nil) != ticker {
					continue
				}
				if !isStop || within(fn, act.fn) {
					return nil
				}
				if stop == nil {
					stop = instr
				}
			}
		}
	}
	return stop
}

// ticker returns what a ticker is known by everywhere: the call that makes it, or the field
// or variable of the package that holds it; nil if that is not known.
func (m *Model) ticker(v ssa.Value, act *activation) any {
	v, _ = m.trace(v, act)
	switch v := v.(type) {
	case *ssa.Call:
		if fn := v.Call.StaticCallee(); fn != nil && lint.IsFunc(fn.Object(), "time", "NewTicker") {
			return v
		}
	case *ssa.UnOp:
		if v.Op != token.MUL {
			break
		}
		switch x := v.X.(type) {
		case *ssa.FieldAddr:
			if f := m.fieldOf(x.X.Type(), x.Field); f != nil && isPointer(f.Type()) {
				return f
			}
		case *ssa.Global:
			return x
		}
	}
	return nil
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}
