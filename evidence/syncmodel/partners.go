package syncmodel

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A Leaver is the only function that does one side of the operations on a channel, in a
// loop that it may leave while others go on with their side.
type Leaver struct {
	Class *Class
	Fn    *ssa.Function
	End   *ssa.Return // that it leaves by, nil if it gives up a single operation
	Left  []*Op       // operations of others that have no other way on
	Sure  []*Op       // of these, those of goroutines that should have asked, as others do, or that can not

	Over ssa.Instruction // by which Fn says that it has ended, though those who are left ask for something else; or nil
}

// Leavers returns, for the channels that only the package knows, who may leave others
// waiting.
func (m *Model) Leavers() (ls []*Leaver) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || len(c.ops) == 0 || len(c.makes) == 0 {
			continue
		}
		l := m.receiverLeaves(c)
		if l == nil || len(l.Sure) == 0 {
			if r := m.readerLeaves(c); r != nil && (l == nil || len(r.Sure) > 0) {
				l = r
			}
		}
		if l == nil {
			l = m.orderTooLate(c)
		}
		if l == nil || len(l.Sure) == 0 {
			if e := m.endsUnasked(c); e != nil {
				l = e
			}
		}
		if l != nil {
			ls = append(ls, l)
		}
		if l := m.sendersGiveUp(c); l != nil {
			ls = append(ls, l)
		} else if l := m.senderLeaves(c); l != nil {
			ls = append(ls, l)
		}
	}
	return ls
}

// receiverLeaves looks for the one loop that receives, if it has a return after which
// nobody receives any more, and senders that do not know of it.
func (m *Model) receiverLeaves(c *Class) *Leaver {
	if c.outside&MayRecv != 0 {
		return nil
	}
	room := int64(0)
	for _, mk := range c.makes {
		n, ok := m.Capacity(mk)
		if !ok {
			return nil
		}
		room = max(room, n)
	}
	l := &Leaver{Class: c}
	var recvs []*Op
	for _, op := range c.ops {
		switch op.Kind {
		case Recv, Range:
			if l.Fn != nil && l.Fn != op.Fn {
				return nil
			}
			l.Fn = op.Fn
			recvs = append(recvs, op)
		case Send:
			if op.Bare() && (room == 0 || m.loopsOf(op.Fn)[op.Instr.Block()] != nil) {
				l.Left = append(l.Left, op)
			}
		}
	}
	if l.Fn == nil || len(l.Left) == 0 || m.restarted(l.Fn) {
		return nil
	}
	l.Left = slices.DeleteFunc(l.Left, func(op *Op) bool { return op.Fn == l.Fn })
	if !slices.ContainsFunc(recvs, m.goesOn) || len(l.Left) == 0 {
		return nil
	}
	if slices.ContainsFunc(c.makes, func(mk *ssa.MakeChan) bool { return within(mk.Parent(), l.Fn) }) {
		return nil // one for every round
	}
	if l.End = m.leaves(l.Fn, recvs, false); l.End != nil {
		if ret := m.quietly(l.Fn, recvs, l.Left); ret != nil && room == 0 {
			l.End = ret
			l.Sure = slices.DeleteFunc(slices.Clone(l.Left), func(op *Op) bool { return decided(op.Instr) })
		}
		return l
	}
	// It leaves only when it is told to. Whoever calls a method after that should not,
	// but a goroutine that is on its way can not know.
	l.End = m.leaves(l.Fn, recvs, true)
	l.Sure = m.unguarded(l.Fn, l.Left, c, room)
	for _, op := range l.Left { // who looks first knows that it may end
		if room == 0 && m.looks(op, l.Fn) && !slices.Contains(l.Sure, op) {
			l.Sure = append(l.Sure, op)
		}
	}
	l.Left = slices.DeleteFunc(l.Left, func(op *Op) bool {
		return !slices.Contains(l.Sure, op) && !m.looks(op, l.Fn) && (!m.goes(op.Fn) || closesAtEnd(op.Fn))
	})
	if l.End == nil || len(l.Left) == 0 {
		return nil
	}
	return l
}

// looks reports whether a send comes right after a look, which does not wait, at one of the
// signals that end the function which receives: the signal may come in between.
func (m *Model) looks(op *Op, receiver *ssa.Function) bool {
	ends := make(map[any]bool)
	for _, ch := range m.ends(receiver) {
		ends[m.signalOf(ch)] = true
	}
	delete(ends, nil)
	for _, b := range op.Fn.Blocks {
		for _, instr := range b.Instrs {
			sel, ok := instr.(*ssa.Select)
			if !ok || sel.Blocking {
				continue
			}
			for i, st := range sel.States {
				if from := caseOf(sel, i); from != nil && st.Dir == types.RecvOnly && from.Succs[1].Dominates(op.Instr.Block()) && ends[m.signalOf(st.Chan)] {
					return true
				}
			}
		}
	}
	for cond, is := range lazyssa.Conditions(op.Instr.Block()) {
		if ctx := errOf(cond); ctx != nil && is == (cond.(*ssa.BinOp).Op == token.EQL) && ends[m.contextField(ctx)] {
			return true
		}
	}
	return false
}

// signalOf returns what tells two signals apart: the class of a channel, or the field of the context that has it;
// nil for other contexts.
func (m *Model) signalOf(ch ssa.Value) any {
	ch, _ = m.trace(ch, nil)
	if ctx := doneOf(ch); ctx != nil {
		return m.contextField(ctx)
	}
	return m.node(ch)
}

// contextField returns the field that a context is loaded from, or nil.
func (m *Model) contextField(ctx ssa.Value) any {
	ctx, _ = m.trace(ctx, nil)
	if f := loadedField(ctx); f != nil {
		return f
	}
	return nil
}

// errOf returns the context of which a condition asks whether it has ended, by its Err method; or nil.
func errOf(cond ssa.Value) ssa.Value {
	if !aboutError(cond) {
		return nil
	}
	call, ok := cond.(*ssa.BinOp).X.(*ssa.Call)
	if !ok || !call.Call.IsInvoke() || !lint.IsMethod(call.Call.Method, "context", "Context", "Err") {
		return nil
	}
	return call.Call.Value
}

// goesOn reports whether a receive is part of a loop that may go on after it. The case of
// a select that only ends the loop is not: whoever sends there knows that it ends.
func (m *Model) goesOn(op *Op) bool {
	in := m.loopsOf(op.Fn)
	if op.Select == nil {
		return in[op.Instr.Block()] != nil
	}
	for i, st := range op.Select.States {
		if st.Chan == op.Object && st.Dir == types.RecvOnly {
			if from := caseOf(op.Select, i); from != nil && in[from] != nil && in[from.Succs[0]] != nil {
				return true
			}
		}
	}
	return false
}

// within reports whether fn is outer, or a literal in it.
func within(fn, outer *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		if fn == outer {
			return true
		}
	}
	return false
}

// restarted reports whether a function is called or started in a loop, so that it may
// follow itself.
func (m *Model) restarted(fn *ssa.Function) bool {
	again := func(call ssa.CallInstruction) bool { return m.loopsOf(call.Parent())[call.Block()] != nil }
	if slices.ContainsFunc(m.sites[fn], again) || slices.ContainsFunc(m.startsOf(fn).calls, again) {
		return true
	}
	for mc := range lazyssa.Closures(fn) {
		if m.loopsOf(mc.Parent())[mc.Block()] != nil {
			return true
		}
	}
	return false
}

// goes reports whether a function is that of a go statement.
func (m *Model) goes(fn *ssa.Function) bool {
	isGo := func(call ssa.CallInstruction) bool { _, ok := call.(*ssa.Go); return ok }
	return slices.ContainsFunc(m.sites[fn], isGo)
}

// closesAtEnd reports whether a function has a deferred call of a method or function of
// the package: it may be the one who tells others to end.
func closesAtEnd(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok && (d.Call.IsInvoke() || d.Call.StaticCallee() == nil || d.Call.StaticCallee().Pkg == fn.Pkg) {
				return true
			}
		}
	}
	return false
}

// byMessage reports whether a condition is about what has been received itself, rather
// than what somebody made of it: who has sent it knows what follows.
func byMessage(v ssa.Value, depth int) bool {
	switch v := v.(type) {
	case *ssa.Select:
		return true
	case *ssa.Call, *ssa.Const, *ssa.Phi:
		return false
	case *ssa.Alloc: // what has been received is put into a variable first
		sts := stores(v)
		return len(sts) == 1 && depth > 0 && byMessage(sts[0].Val, depth-1)
	case *ssa.UnOp:
		if v.Op == token.ARROW {
			return true
		}
	}
	instr, ok := v.(ssa.Instruction)
	return ok && depth > 0 && slices.ContainsFunc(instr.Operands(nil), func(op *ssa.Value) bool {
		return *op != nil && byMessage(*op, depth-1)
	})
}

// chanIsNil reports whether a branch leads to a block because a channel is nil.
func chanIsNil(br *ssa.If, to *ssa.BasicBlock) bool {
	cmp, ok := br.Cond.(*ssa.BinOp)
	if !ok || !isChan(cmp.X.Type()) || !lazyssa.IsNil(cmp.Y) {
		return false
	}
	return cmp.Op == token.EQL && br.Block().Succs[0] == to || cmp.Op == token.NEQ && br.Block().Succs[1] == to
}

// leaves returns a return that a function may get to from one of the receives without
// another receive, and without having been told that the channel is closed. It may be
// told to end, by a case of a select, only if so allowed.
func (m *Model) leaves(fn *ssa.Function, recvs []*Op, told bool) *ssa.Return {
	isRecv := func(instr ssa.Instruction) bool {
		return slices.ContainsFunc(recvs, func(op *Op) bool { return op.Instr == instr })
	}
	signals := make(map[*ssa.BasicBlock]bool) // that end in the test for a case which is a signal
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if sel, ok := instr.(*ssa.Select); ok && !told {
				for i, st := range sel.States {
					if from := caseOf(sel, i); from != nil && st.Dir == types.RecvOnly && !isRecvOf(recvs, sel, st.Chan) {
						signals[from] = true
					}
				}
			}
		}
	}
	closed := func(b, to *ssa.BasicBlock) bool { // the edge is that of a closed channel
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if signals[b] && b.Succs[0] == to {
			return true
		}
		if in := m.loopsOf(fn); ok && in[b] != nil && in[to] == nil && !told && byMessage(br.Cond, 6) {
			return true
		}
		if ok && chanIsNil(br, to) {
			return true // it forgets each channel that is closed
		}
		if !ok || b.Succs[1] != to {
			return false
		}
		x, ok := br.Cond.(*ssa.Extract)
		if !ok || x.Index != 1 {
			return false
		}
		instr, ok := x.Tuple.(ssa.Instruction)
		return ok && isRecv(instr)
	}
	var work []*ssa.BasicBlock
	push := func(b *ssa.BasicBlock) {
		for _, to := range b.Succs {
			if !closed(b, to) {
				work = append(work, to)
			}
		}
	}
	for _, op := range recvs {
		if rest := op.Instr.Block(); m.goesOn(op) {
			if ret, ok := rest.Instrs[len(rest.Instrs)-1].(*ssa.Return); ok {
				return ret
			}
			push(rest)
		}
	}
	seen := make(map[*ssa.BasicBlock]bool)
	for len(work) > 0 {
		b := work[0]
		work = work[1:]
		if seen[b] {
			continue
		}
		seen[b] = true
		if slices.ContainsFunc(b.Instrs, isRecv) {
			continue
		}
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return ret
		}
		push(b)
	}
	return nil
}

func isRecvOf(recvs []*Op, sel *ssa.Select, ch ssa.Value) bool {
	return slices.ContainsFunc(recvs, func(op *Op) bool { return op.Select == sel && op.Object == ch })
}

// sendersGiveUp looks for receivers that wait for a message which every sender may
// decide not to send: each send is a case of a select that has another one.
func (m *Model) sendersGiveUp(c *Class) *Leaver {
	if c.outside&(MaySend|MayClose) != 0 || c.Has(Close) {
		return nil
	}
	l := &Leaver{Class: c}
	for _, op := range c.ops {
		switch op.Kind {
		case Send:
			if op.Bare() || len(op.Select.States) < 2 || !op.Select.Blocking { // that which does not wait tries again
				return nil
			}
			for _, st := range op.Select.States { // it gives up for the end of a context, not for the receiver
				if st.Chan == op.Object {
					continue
				}
				if s := m.signal(op.Instr, st.Chan, nil); s == nil || s.Context == nil {
					return nil
				}
			}
			l.Fn = op.Fn
		case Recv, Range:
			if op.Bare() && m.goes(op.Fn) {
				l.Left = append(l.Left, op)
			}
		}
	}
	if l.Fn == nil || len(l.Left) == 0 {
		return nil
	}
	return l
}
