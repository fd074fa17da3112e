package syncmodel

import (
	"cmp"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// readerLeaves looks for a range loop that is the only receiver of a channel, if it can be
// left for another reason than that the channel is closed, and senders that go on with a
// loop of theirs whatever they have sent.
func (m *Model) readerLeaves(c *Class) *Leaver {
	if c.outside&MayRecv != 0 {
		return nil
	}
	for _, mk := range c.makes {
		if _, ok := m.Capacity(mk); !ok && !configured(mk) {
			return nil // room for all, perhaps
		}
	}
	l := &Leaver{Class: c}
	var reads *Op
	for _, op := range c.ops {
		switch op.Kind {
		case Range:
			if reads != nil {
				return nil
			}
			l.Fn, reads = op.Fn, op
		case Recv, Measure:
			return nil
		case Send:
			if op.Bare() && m.streamsOn(op) {
				l.Left = append(l.Left, op)
			}
		}
	}
	if reads == nil || len(l.Left) == 0 {
		return nil
	}
	if slices.ContainsFunc(l.Left, func(op *Op) bool { return op.Fn == l.Fn || m.startsIn(op, l.Fn) }) {
		return nil
	}
	if l.End = m.fails(reads); l.End != nil && !m.repeats(l.Fn, 3) && !slices.ContainsFunc(c.makes, func(mk *ssa.MakeChan) bool {
		return !within(l.Fn, mk.Parent()) && (!m.onlyFor(l.Fn, mk) || slices.ContainsFunc(l.Left, func(op *Op) bool {
			n, ok := m.Capacity(mk)
			return m.asks(op) || (n > 0 || !ok) && !m.overfills(op)
		}))
	}) {
		l.Sure = l.Left
	} else if l.End = m.abandons(reads); l.End == nil {
		return nil
	}
	return l
}

// configured reports whether the capacity of a channel is what somebody has configured, in a field: that is
// not the number of messages.
func configured(mk *ssa.MakeChan) bool { return lazyssa.FieldLoaded(mk.Size) != nil }

// asks reports whether the loop around a send may be left by more than its own test, and by more than a
// look at a context, which comes too early for who waits in the send.
func (m *Model) asks(op *Op) bool {
	l := m.loopsOf(op.Fn)[op.Instr.Block()]
	if l == nil { // the body of a loop over an iterator
		return slices.ContainsFunc(op.Fn.Blocks, func(b *ssa.BasicBlock) bool {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			return ok && !goesRound(ret) && (len(b.Preds) == 0 || slices.ContainsFunc(b.Preds, func(from *ssa.BasicBlock) bool { return !asksContext(from) }))
		})
	}
	test := l.header
	if l.test != nil {
		test = l.test.Block()
	}
	for b := range l.body {
		if b != test && slices.ContainsFunc(b.Succs, func(to *ssa.BasicBlock) bool { return !l.body[to] }) && !asksContext(b) {
			return true
		}
	}
	return false
}

// asksContext reports whether a block ends with the question whether a context has ended.
func asksContext(b *ssa.BasicBlock) bool {
	br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	return ok && lazyssa.Mentions(br.Cond, 4, func(v ssa.Value) bool {
		call, ok := v.(*ssa.Call)
		return ok && call.Call.IsInvoke() && lint.IsNamed(call.Call.Value.Type(), "context", "Context") &&
			(call.Call.Method.Name() == "Err" || call.Call.Method.Name() == "Done")
	})
}

// goesRound reports whether a return of the body of a loop over an iterator is that of a round which
// others may follow.
func goesRound(ret *ssa.Return) bool {
	if !isYield(ret.Parent()) || len(ret.Results) != 1 {
		return false
	}
	more, ok := ret.Results[0].(*ssa.Const)
	return ok && more.Value != nil && constant.BoolVal(more.Value)
}

func isYield(fn *ssa.Function) bool { return fn.Synthetic == "range-over-func yield" }

// onlyFor reports whether a function is started or called in one place only, for each channel that is made
// there, or by a function called there; a loop may start several of it for one.
func (m *Model) onlyFor(fn *ssa.Function, mk *ssa.MakeChan) bool {
	if len(m.sites[fn]) != 1 || m.taken[fn] || m.named(fn.Object()) {
		return false
	}
	made := m.comesFrom(mk)
	site, loops := m.sites[fn][0], m.loopsOf(made.Parent())
	if lit := site.Parent(); lit.Parent() == made.Parent() { // wg.Go(func() { fn(...) })
		if start, ok := m.startIn(made.Parent(), lit).(ssa.CallInstruction); ok {
			site = start
		}
	}
	l := loops[site.Block()]
	if m.startedBy(site, nil) != nil && l != nil && !l.body[made.Block()] {
		l = l.outer
	}
	return site.Parent() == made.Parent() && l == loops[made.Block()]
}

// comesFrom returns the only call by which a function of the package gets a channel from the one that has
// made it to return it, or where it is made.
func (m *Model) comesFrom(mk *ssa.MakeChan) ssa.Instruction {
	maker := mk.Parent()
	if len(m.sites[maker]) != 1 || m.taken[maker] || m.named(maker.Object()) {
		return mk
	}
	call, ok := m.sites[maker][0].(*ssa.Call)
	returned := func(ret *ssa.Return) bool {
		return slices.ContainsFunc(ret.Results, func(v ssa.Value) bool { return isChan(v.Type()) && m.node(v) == m.node(mk) })
	}
	if !ok || !slices.ContainsFunc(lazyssa.Returns(maker), returned) {
		return mk
	}
	return call
}

// overfills reports whether a send is made more often than any buffer has room for: in a loop over another
// channel, or one that ends for no number.
func (m *Model) overfills(op *Op) bool {
	for l := m.loopsOf(op.Fn)[op.Instr.Block()]; l != nil; l = l.outer {
		if l.kind != boundLoop && l.over == nil {
			return true
		}
	}
	return false
}

// repeats reports whether a function is called, not started, in a loop, by way of others perhaps.
func (m *Model) repeats(fn *ssa.Function, depth int) bool {
	return slices.ContainsFunc(m.sites[fn], func(site ssa.CallInstruction) bool {
		_, isGo := site.(*ssa.Go)
		return !isGo && (m.loopsOf(site.Parent())[site.Block()] != nil || depth > 0 && m.repeats(site.Parent(), depth-1))
	})
}

// fails returns a return by which a range loop is left for an error that the receiver met with
// itself, so that the senders do not know of it.
func (m *Model) fails(reads *Op) *ssa.Return {
	l := m.loopsOf(reads.Fn)[reads.Instr.Block()]
	if l == nil || l.kind != rangeLoop {
		return nil
	}
	for _, b := range reads.Fn.Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !l.body[b] {
			continue
		}
		if err := errorAsked(br.Cond); err == nil || !metWith(err, reads) {
			continue
		}
		for _, to := range b.Succs {
			if l.body[to] || !underError(to) {
				continue
			}
			if ret := wayOutOf(to, nil); ret != nil {
				return ret
			}
		}
	}
	return nil
}

// errorAsked returns the error of which a condition asks whether it is one, or a function what kind of one
// it is; or nil.
func errorAsked(cond ssa.Value) ssa.Value {
	if aboutError(cond) {
		return cond.(*ssa.BinOp).X
	}
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		cond = not.X
	}
	if call, ok := cond.(*ssa.Call); ok {
		if i := slices.IndexFunc(call.Call.Args, func(v ssa.Value) bool { return lint.IsError(v.Type()) }); i >= 0 {
			return call.Call.Args[i]
		}
	}
	return nil
}

// metWith reports whether an error is one of a call in a loop over a channel, and not what a message
// brings: one that has an error in it, or that is asked itself, was sent by somebody who knows.
func metWith(err ssa.Value, reads *Op) bool {
	if load, ok := err.(*ssa.UnOp); ok {
		a, ok := load.X.(*ssa.Alloc)
		if !ok || len(stores(a)) != 1 {
			return false
		}
		err = stores(a)[0].Val
	}
	if x, ok := err.(*ssa.Extract); ok {
		err = x.Tuple
	}
	call, ok := err.(*ssa.Call)
	if !ok {
		return false
	}
	given := call.Call.Args
	if call.Call.IsInvoke() {
		given = append([]ssa.Value{call.Call.Value}, given...)
	}
	asked := call.Call.Signature().Recv() != nil && len(given) == 1
	elem := bringsError(lint.Chan(reads.Object.Type()).Elem())
	return !slices.ContainsFunc(given, func(v ssa.Value) bool {
		return (asked || bringsError(v.Type()) || elem && types.IsInterface(v.Type())) && byMessage(v, 6)
	})
}

// bringsError reports whether a message is an error, or a struct with one in it.
func bringsError(t types.Type) bool {
	st, ok := lint.Deref(t).Underlying().(*types.Struct)
	if !ok {
		return lint.IsError(t)
	}
	for f := range st.Fields() {
		if lint.IsError(f.Type()) {
			return true
		}
	}
	return false
}

// wayOutOf returns the first return that a block leads to without coming by another; nil if there is
// none.
func wayOutOf(b, but *ssa.BasicBlock) (found *ssa.Return) {
	ways(b, 0, func(instr ssa.Instruction) bool {
		if ret, ok := instr.(*ssa.Return); ok {
			found = cmp.Or(found, ret)
		}
		return found == nil
	}, func(b *ssa.BasicBlock) []*ssa.BasicBlock {
		return slices.DeleteFunc(slices.Clone(b.Succs), func(to *ssa.BasicBlock) bool { return to == but })
	})
	return found
}

// streamsOn reports whether a send is in a loop that goes on after it without a decision,
// other than that of the loop itself.
func (m *Model) streamsOn(op *Op) bool {
	b := op.Instr.Block()
	l := m.loopsOf(op.Fn)[b]
	if l == nil {
		ret, ok := onward(b).(*ssa.Return)
		return ok && goesRound(ret)
	}
	for range len(l.body) {
		if b == l.header && b != op.Instr.Block() || len(b.Succs) != 1 {
			break
		}
		b = b.Succs[0]
	}
	if b == l.header {
		return true
	}
	// for len(rest) > 0, tested at the end
	return l.test != nil && l.test.Block() == b || len(b.Succs) == 2 && slices.Contains(b.Succs, l.header)
}

// onward returns the last instruction that a block leads to without a decision.
func onward(b *ssa.BasicBlock) ssa.Instruction {
	for range len(b.Parent().Blocks) {
		if len(b.Succs) != 1 {
			break
		}
		b = b.Succs[0]
	}
	return b.Instrs[len(b.Instrs)-1]
}

// startsIn reports whether the loop around a send also starts the goroutine of a function:
// a new one for every round.
func (m *Model) startsIn(op *Op, fn *ssa.Function) bool {
	for l := m.loopsOf(op.Fn)[op.Instr.Block()]; l != nil; l = l.outer {
		for b := range l.body {
			for _, instr := range b.Instrs {
				if mc, ok := instr.(*ssa.MakeClosure); ok && mc.Fn == fn {
					return true
				}
				if call, ok := instr.(ssa.CallInstruction); ok && call.Common().StaticCallee() == fn {
					return true
				}
			}
		}
	}
	return false
}

// abandons returns a return that the body of a range loop leads to.
func (m *Model) abandons(reads *Op) *ssa.Return {
	header := reads.Instr.Block()
	if len(header.Succs) != 2 || header.Succs[0] == header { // nothing in it
		return nil
	}
	return wayOutOf(header.Succs[0], header)
}
