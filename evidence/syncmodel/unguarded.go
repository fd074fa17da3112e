package syncmodel

import (
	"go/types"
	"iter"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// unguarded returns those of some sends to the loop fn that do not ask whether it has ended,
// though another sender to the same loop does, and that are done by goroutines which nobody
// waits for: they are on their way when the loop is told to end. Methods that others call
// count if another one takes care: by the same channel c, without a buffer, or by looking at
// what the loop closes when it ends.
func (m *Model) unguarded(fn *ssa.Function, sends []*Op, c *Class, room int64) (found []*Op) {
	careful := m.carefulSends(fn)
	if len(careful) == 0 {
		return nil
	}
	beside := room == 0 && slices.ContainsFunc(careful, func(g carefulSend) bool {
		return g.by == c || g.closes && g.op.Fn.Object() != nil && g.op.Fn.Object().Exported()
	})
	for _, op := range sends {
		if !op.Bare() || op.Fn == fn {
			continue
		}
		if m.runsBeside(op.Fn, fn) && !m.tellsItself(op.Fn, fn) || beside && m.named(op.Fn.Object()) && !decided(op.Instr) {
			found = append(found, op)
		}
	}
	return found
}

// A carefulSend is one to a loop that looks at the same time whether the loop has ended, or has been
// told to.
type carefulSend struct {
	op     *Op
	by     *Class
	closes bool // it looks at what the loop closes itself
}

// carefulSends returns the careful sends to the loop of a function.
func (m *Model) carefulSends(fn *ssa.Function) (gs []carefulSend) {
	ends := make(map[*Class]bool) // channels that end the loop, or that it closes
	var in []*Class               // channels that only the loop receives from
	for _, c := range m.order {
		if c.up != nil {
			continue
		}
		inside := func(op *Op) bool { return lazyssa.Outermost(op.Fn) == lazyssa.Outermost(fn) }
		recvs, all := 0, true
		for _, op := range c.ops {
			switch op.Kind {
			case Close:
				if inside(op) {
					ends[c] = true
				}
			case Recv, Range:
				recvs++
				all = all && op.Fn == fn
			}
		}
		if recvs > 0 && all {
			in = append(in, c)
		}
	}
	closes := maps.Clone(ends)
	told, context := m.toldToEnd(fn)
	maps.Copy(ends, told)
	for _, c := range in {
		for _, op := range c.ops {
			if op.Kind != Send || op.Bare() || !op.Select.Blocking || ends[c] {
				continue
			}
			for _, st := range op.Select.States {
				if st.Dir != types.RecvOnly {
					continue
				}
				if s := m.signal(op.Select, st.Chan, nil); s != nil && s.Context != nil && context || ends[m.node(st.Chan)] {
					gs = append(gs, carefulSend{op, c, closes[m.node(st.Chan)]})
				}
			}
		}
	}
	return gs
}

// toldToEnd returns the channels that tell a loop of a function to end, by a case of a select that
// leaves the loop, and whether the end of a context does.
func (m *Model) toldToEnd(fn *ssa.Function) (by map[*Class]bool, context bool) {
	by = make(map[*Class]bool)
	for sel, ch := range m.ends(fn) {
		if s := m.signal(sel, ch, nil); s != nil && s.Context != nil {
			context = true
		} else {
			by[m.node(ch)] = true
		}
	}
	return by, context
}

// ends yields the channels of cases that leave a loop of a function, with their selects.
func (m *Model) ends(fn *ssa.Function) iter.Seq2[*ssa.Select, ssa.Value] {
	return func(yield func(*ssa.Select, ssa.Value) bool) {
		loops := m.loopsOf(fn)
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				sel, ok := instr.(*ssa.Select)
				if !ok || loops[b] == nil {
					continue
				}
				for i, st := range sel.States {
					from := caseOf(sel, i)
					if st.Dir == types.RecvOnly && from != nil && loops[from.Succs[0]] == nil && !yield(sel, st.Chan) {
						return
					}
				}
			}
		}
	}
}

// tellsItself reports whether a function is the only one that tells a loop to end: it has sent what
// it sends before that.
func (m *Model) tellsItself(sender, loop *ssa.Function) bool {
	told, context := m.toldToEnd(loop)
	for c := range told {
		if slices.ContainsFunc(c.ops, func(op *Op) bool {
			return (op.Kind == Close || op.Kind == Send) && op.Fn != sender && !m.beforeStart(op, loop)
		}) {
			return false
		}
	}
	return len(told) > 0 && !context
}

// beforeStart reports whether an operation is one of the function that starts a goroutine, on a way
// on which it does not.
func (m *Model) beforeStart(op *Op, goroutine *ssa.Function) bool {
	start := m.startIn(op.Fn, goroutine)
	return start != nil && !reaches(start, op.Instr) && !reaches(op.Instr, start)
}

// runsBeside reports whether a function is run by a goroutine that is not that of another one,
// and that a go statement without a wait group starts.
func (m *Model) runsBeside(fn, other *ssa.Function) bool {
	seen := make(map[*ssa.Function]bool)
	work := []*ssa.Function{fn}
	for len(work) > 0 && len(seen) < maxNeedSteps {
		f := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[f] || f == other {
			continue
		}
		seen[f] = true
		for _, site := range m.sites[f] {
			if _, isGo := site.(*ssa.Go); isGo {
				if !m.counted(f) {
					return true
				}
				continue
			}
			work = append(work, site.Parent())
		}
	}
	return false
}

// counted reports whether the function of a goroutine tells a wait group or somebody else
// that it has ended.
func (m *Model) counted(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			d, ok := instr.(*ssa.Defer)
			if !ok {
				continue
			}
			if kind, ok := callKind(&d.Call); ok && kind == Done {
				return true
			}
			if b, ok := d.Call.Value.(*ssa.Builtin); ok && b.Name() == "close" {
				return true
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, m.counted)
}
