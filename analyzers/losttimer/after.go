package losttimer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// afters reports time.After in a select that a loop repeats for every message: a timer
// is made for each, and thrown away. A loop that waits for nothing but signals goes
// round as often as the timer fires, and there one more allocation is nothing.
func (f *finder) afters(sel *ssa.Select) {
	if !sel.Blocking || f.tests.Helps(sel.Pos()) {
		return
	}
	for _, state := range sel.States {
		after, ok := state.Chan.(*ssa.Call)
		if !ok || state.Dir != types.RecvOnly || !lint.IsFunc(lazyssa.Callee(after), "time", "After") {
			continue
		}
		message := f.message(sel)
		if message == nil && !lazyssa.Reaches(sel.Block(), sel.Block()) {
			f.afterForCaller(sel, after)
			return
		}
		if message == nil || !lazyssa.Reaches(sel.Block(), sel.Block()) || !inLoopOf(after.Block(), sel.Block()) {
			return
		}
		call := f.call(after)
		if call == nil {
			return
		}
		text := fmt.Sprintf("time.After allocates 248 B in 3 objects for every message of %s; one timer that is Reset before the select allocates nothing", f.channel(message))
		if f.keeps {
			text = fmt.Sprintf("time.After leaves a timer of some 260 B behind for every message of %s until it fires, after %s; one timer that is stopped and Reset costs nothing", f.channel(message), lint.Text(call.Args[0]))
		}
		f.pass.Report(analysis.Diagnostic{
			Pos: call.Pos(), End: call.End(), Category: afterInLoop, Message: text,
			Related: []analysis.RelatedInformation{{Pos: message.Pos, Message: "after this case, the loop goes on"}},
		})
		return
	}
}

// afterForCaller reports time.After in a function that waits for one message, where a loop of
// the package calls it for the next one.
func (f *finder) afterForCaller(sel *ssa.Select, after *ssa.Call) {
	fn := sel.Parent()
	if fn.Parent() != nil || fn.Object() == nil || fn.Object().Exported() {
		return
	}
	var message *ssa.SelectState
	for _, c := range sel.States {
		if c.Chan != after && carries(c) && c.Dir == types.RecvOnly {
			message = c
		}
	}
	call := f.call(after)
	if message == nil || call == nil || f.waitsElsewhere(sel) {
		return
	}
	for _, caller := range f.ssa.Funcs {
		for _, b := range caller.Blocks {
			for _, instr := range b.Instrs {
				site, ok := instr.(*ssa.Call)
				if !ok || site.Call.StaticCallee() != fn || !lazyssa.Reaches(b, b) || f.tests.Helps(site.Pos()) {
					continue
				}
				text := fmt.Sprintf("time.After allocates 248 B in 3 objects for every message of %s: the loop at %s calls %s for each; one timer of the loop that is handed in and Reset here allocates nothing",
					f.channel(message), f.line(site.Pos()), fn.Name())
				if f.keeps {
					text = fmt.Sprintf("time.After leaves a timer of some 260 B behind for every message of %s until it fires, after %s: the loop at %s calls %s for each; one timer of the loop that is stopped and Reset costs nothing",
						f.channel(message), lint.Text(call.Args[0]), f.line(site.Pos()), fn.Name())
				}
				f.pass.Report(analysis.Diagnostic{
					Pos: call.Pos(), End: call.End(), Category: afterInLoop, Message: text,
					Related: []analysis.RelatedInformation{{Pos: site.Pos(), Message: "called again and again here"}},
				})
				return
			}
		}
	}
}

// waitsElsewhere reports whether the function of a select waits for something else as well: then
// it does more than to hand on a message.
func (f *finder) waitsElsewhere(sel *ssa.Select) bool {
	for _, b := range sel.Parent().Blocks {
		for _, instr := range b.Instrs {
			switch v := instr.(type) {
			case *ssa.Select:
				if v != sel {
					return true
				}
			case *ssa.Send:
				return true
			case *ssa.UnOp:
				if v.Op == token.ARROW {
					return true
				}
			case *ssa.Go, *ssa.MakeChan:
				return true
			}
		}
	}
	return false
}

// message returns a case of the select that takes a message or hands one over, after
// which the loop goes on; nil if there is none. A channel of empty structs or of
// times is a signal.
func (f *finder) message(sel *ssa.Select) *ssa.SelectState {
	for _, b := range sel.Parent().Blocks {
		for _, next := range b.Succs {
			c := chosen(b, next)
			if c == nil || !slices.Contains(sel.States, c) || !lazyssa.Reaches(next, sel.Block()) {
				continue
			}
			if carries(c) {
				return c
			}
		}
	}
	return nil
}

// carries reports whether a case is about messages, not about a signal.
func carries(c *ssa.SelectState) bool {
	elem := lint.Chan(c.Chan.Type()).Elem()
	if s, ok := elem.Underlying().(*types.Struct); ok && s.NumFields() == 0 || lint.IsNamed(elem, "time", "Time") || lint.IsError(elem) {
		return false
	}
	b, ok := elem.Underlying().(*types.Basic)
	return !(ok && b.Kind() == types.Bool) && !lint.IsNamed(elem, "os", "Signal")
}

// inLoopOf reports whether a block is repeated together with another one.
func inLoopOf(b, with *ssa.BasicBlock) bool {
	return b == with || lazyssa.Reaches(b, with) && lazyssa.Reaches(with, b)
}

// call returns the call in the source.
func (f *finder) call(v *ssa.Call) *ast.CallExpr {
	if call := lint.CallAt(f.pass, v.Pos()); call != nil && len(call.Args) == 1 {
		return call
	}
	return nil
}

// channel names the channel of a case.
func (f *finder) channel(state *ssa.SelectState) string {
	for _, n := range lint.Enclosing(f.pass, state.Pos) {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			return lint.Text(n.X)
		case *ast.SendStmt:
			return lint.Text(n.Chan)
		}
	}
	return "the channel"
}
