package losttimer

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// leftBehind reports a timer or ticker that a function makes, keeps to itself and
// does not stop on every path.
func (f *finder) leftBehind(made *ssa.Call) {
	category := ""
	switch fn := lazyssa.Callee(made); {
	case lint.IsFunc(fn, "time", "NewTicker"):
		category = ticker
	case lint.IsFunc(fn, "time", "NewTimer"):
		if d, ok := duration(made.Call.Args[0]); !f.all && (!ok || d < time.Minute) {
			return
		}
		category = timer
	default:
		return
	}
	fn := made.Parent()
	if f.tests.Helps(made.Pos()) || fn.Parent() == nil && fn.Signature.Recv() == nil && (fn.Name() == "main" && f.pass.Pkg.Name() == "main" || strings.HasPrefix(fn.Name(), "init")) {
		return // it lives as long as the program
	}
	ends := uses(made)
	if ends == nil {
		return
	}
	ret := exit(made, ends, category == timer)
	if ret == nil {
		return
	}
	when := "when this function returns"
	if ret.Pos().IsValid() {
		when += " at " + f.line(ret.Pos())
	}
	what := "the runtime keeps it, some 280 B, and wakes up for it forever"
	if category == timer {
		what = "the runtime keeps it, some 260 B, until it fires"
	}
	f.pass.Report(analysis.Diagnostic{
		Pos:      made.Pos(),
		End:      made.Pos() + 1,
		Category: category,
		Message:  fmt.Sprintf("this %s is not stopped %s; as go.mod asks for %s, %s", category, when, f.pass.Pkg.GoVersion(), what),
	})
}

// watchdog reports a time.AfterFunc that a function sets back for as long as all is well, or
// stops on another path, but leaves running when it returns: its function still runs later,
// and what it knows is kept until then.
func (f *finder) watchdog(made *ssa.Call) {
	if !lint.IsFunc(lazyssa.Callee(made), "time", "AfterFunc") || f.tests.Helps(made.Pos()) {
		return
	}
	if d, ok := duration(made.Call.Args[0]); ok && d < time.Second && !f.all {
		return // it is soon over
	}
	if cancels(made.Call.Args[1]) {
		return // does no harm when all is over, and may be why
	}
	ends := uses(made)
	if ends == nil {
		return
	}
	looked := len(ends) > 0
	for _, ref := range *made.Referrers() {
		call, ok := ref.(ssa.CallInstruction)
		looked = looked || ok && isReset(call)
	}
	ret := exit(made, ends, false)
	if !looked || ret == nil {
		return // meant to fire, or stopped
	}
	when := "when this function returns"
	if ret.Pos().IsValid() {
		when += " at " + f.line(ret.Pos())
	}
	f.pass.Report(analysis.Diagnostic{
		Pos:      made.Pos(),
		End:      made.Pos() + 1,
		Category: timer,
		Message:  fmt.Sprintf("this timer is not stopped %s: its function runs all the same when the time is over, and what it refers to is kept until then; defer its Stop", when),
	})
}

// cancels reports whether a function is that of a context that it cancels, or a literal that
// does nothing but call one.
func cancels(v ssa.Value) bool {
	if c, ok := v.(*ssa.ChangeType); ok {
		v = c.X
	}
	if lint.IsCancelFunc(v.Type()) {
		return true
	}
	var fn *ssa.Function
	switch v := v.(type) {
	case *ssa.MakeClosure:
		fn = v.Fn.(*ssa.Function)
	case *ssa.Function:
		fn = v
	}
	if fn == nil || len(fn.Blocks) != 1 {
		return false
	}
	calls, others := 0, 0
	for _, instr := range fn.Blocks[0].Instrs {
		call, ok := instr.(ssa.CallInstruction)
		switch {
		case !ok:
		case lint.IsCancelFunc(call.Common().Value.Type()):
			calls++
		default:
			others++
		}
	}
	return calls > 0 && others == 0
}

// duration returns the value of a constant duration.
func duration(v ssa.Value) (time.Duration, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return 0, false
	}
	return time.Duration(c.Int64()), true
}

// uses returns the instructions that stop the timer, none included, or nil if somebody
// else may stop it.
func uses(made *ssa.Call) map[ssa.Instruction]bool {
	stops := make(map[ssa.Instruction]bool)
	for _, ref := range *made.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case ssa.CallInstruction:
			switch {
			case isStop(ref):
				if _, started := ref.(*ssa.Go); started {
					return nil
				}
				stops[ref] = true
			case !isReset(ref):
				return nil
			}
		case *ssa.FieldAddr:
			for _, load := range *ref.Referrers() {
				ch, ok := load.(*ssa.UnOp)
				if !ok || !receivedOnly(ch) {
					return nil
				}
			}
		default:
			return nil
		}
	}
	return stops
}

// receivedOnly reports whether a channel is only received from, where it is loaded.
func receivedOnly(ch *ssa.UnOp) bool {
	for _, ref := range *ch.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.Select:
		case *ssa.UnOp:
			if ref.Op != token.ARROW {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// exit returns a return that a path reaches from where a timer is made without
// stopping it, or nil. A timer that has fired is gone, if fires is set.
func exit(made *ssa.Call, stops map[ssa.Instruction]bool, fires bool) *ssa.Return {
	mine := func(ch ssa.Value) bool { return fires && timerOf(ch) == ssa.Value(made) }
	seen := make(map[*ssa.BasicBlock]bool)
	var walk func(b *ssa.BasicBlock, instrs []ssa.Instruction) *ssa.Return
	walk = func(b *ssa.BasicBlock, instrs []ssa.Instruction) *ssa.Return {
		for _, instr := range instrs {
			switch v := instr.(type) {
			case *ssa.Return:
				return v
			case *ssa.UnOp:
				if v.Op == token.ARROW && mine(v.X) {
					return nil
				}
			}
			if stops[instr] {
				return nil
			}
		}
		for _, next := range b.Succs {
			if c := chosen(b, next); c != nil && c.Dir == types.RecvOnly && mine(c.Chan) || closed(b, next) {
				continue
			}
			if !seen[next] {
				seen[next] = true
				if ret := walk(next, next.Instrs); ret != nil {
					return ret
				}
			}
		}
		return nil
	}
	b := made.Block()
	for i, instr := range b.Instrs {
		if instr == ssa.Instruction(made) {
			return walk(b, b.Instrs[i+1:])
		}
	}
	return nil
}

// closed reports whether the edge from one block to another is that of a closed channel
// of a timer, which never is.
func closed(from, to *ssa.BasicBlock) bool {
	branch, ok := from.Instrs[len(from.Instrs)-1].(*ssa.If)
	if !ok || from.Succs[1] != to || from.Succs[0] == to {
		return false
	}
	open, isExtract := branch.Cond.(*ssa.Extract)
	if !isExtract || open.Index != 1 {
		return false
	}
	recv, isRecv := open.Tuple.(*ssa.UnOp)
	return isRecv && timerOf(recv.X) != nil
}
