package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// SkippedRounds returns the loops of which every round is counted by an Add before the
// loop, though some rounds go on without a Done.
func (m *Model) SkippedRounds() (found []*Skipped) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.outside != 0 || !c.Has(Wait) || !c.Has(Add) || !c.Has(Done) {
			continue
		}
		for _, ops := range perVariable(c.ops) {
			if x := m.roundSkipped(c, ops); x != nil {
				found = append(found, x)
			}
		}
	}
	return found
}

// perVariable splits the operations of a class into those of each local variable, if it has
// several that share only functions which get them as arguments; those of such functions
// count for all.
func perVariable(ops []*Op) (parts [][]*Op) {
	var vars []ssa.Value
	for _, op := range ops {
		switch _, local := op.Object.(*ssa.Alloc); {
		case local && !slices.Contains(vars, op.Object):
			vars = append(vars, op.Object)
		case !local && op.Kind == Add:
			return [][]*Op{ops}
		}
	}
	if len(vars) < 2 {
		return [][]*Op{ops}
	}
	for _, v := range vars {
		parts = append(parts, slices.DeleteFunc(slices.Clone(ops), func(op *Op) bool {
			_, local := op.Object.(*ssa.Alloc)
			return local && op.Object != v
		}))
	}
	return parts
}

// roundSkipped looks at the operations on one wait group; see [Model.SkippedRounds].
func (m *Model) roundSkipped(c *Class, ops []*Op) *Skipped {
	var adds, dones, waits []*Op
	for _, op := range ops {
		switch op.Kind {
		case Add:
			adds = append(adds, op)
		case Done:
			dones = append(dones, op)
		case Wait:
			waits = append(waits, op)
		}
	}
	if len(adds) != 1 || len(dones) == 0 || m.loopsOf(adds[0].Fn)[adds[0].Instr.Block()] != nil {
		return nil
	}
	add := adds[0]
	waits = slices.DeleteFunc(waits, func(op *Op) bool { return op.Fn != add.Fn || !precedes(add.Instr, op.Instr) })
	if l := m.countedLoop(add); l != nil && len(waits) > 0 && m.skipsRound(l, c, dones) {
		return &Skipped{Fn: add.Fn, Op: dones[0], From: l.test, Waits: waits, Sure: true}
	}
	return nil
}

// SkippedSends returns the loops that start a sender in a round, but not in all of them, where a loop of
// as many rounds receives once in each.
func (m *Model) SkippedSends() (found []*Skipped) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.outside != 0 || c.Has(Close) || c.Has(Range) || c.Has(Measure) || !c.Has(Send) || len(c.makes) != 1 {
			continue
		}
		var sends, recvs []*Op
		for _, op := range c.ops {
			switch op.Kind {
			case Send:
				sends = append(sends, op)
			case Recv:
				recvs = append(recvs, op)
			}
		}
		if len(recvs) != 1 || !recvs[0].Bare() || c.makes[0].Parent() != recvs[0].Fn {
			continue
		}
		recv := recvs[0]
		in := m.loopsOf(recv.Fn)[recv.Instr.Block()]
		if in == nil || in.outer != nil || in.kind != boundLoop || in.sym == "" || !m.everyRound(in, recv.Instr) {
			continue
		}
		if l := m.startsOneEach(sends, in, recv.Fn); l != nil && l.sym == in.sym && l.extra == in.extra && m.skipsRound(l, c, sends) {
			found = append(found, &Skipped{Fn: recv.Fn, Op: sends[0], From: l.test, Waits: recvs, Sure: true})
		}
	}
	return found
}

// everyRound reports whether no round of a loop goes by without an instruction.
func (m *Model) everyRound(l *loop, instr ssa.Instruction) bool {
	return !slices.ContainsFunc(l.header.Preds, func(latch *ssa.BasicBlock) bool { return l.body[latch] && !instr.Block().Dominates(latch) })
}

// startsOneEach returns the loop before another one in which a function starts the goroutines that do
// some operations, each of them once, and nobody else does.
func (m *Model) startsOneEach(ops []*Op, before *loop, fn *ssa.Function) (l *loop) {
	for i, op := range ops {
		start := m.startIn(fn, op.Fn)
		if start == nil || !m.onlyGoes(op.Fn) || m.loopsOf(op.Fn)[op.Instr.Block()] != nil {
			return nil
		}
		in := m.loopsOf(fn)[start.Block()]
		if in == nil || in == before || in.outer != nil || in.kind != boundLoop || l != nil && in != l || !precedes(in.header.Instrs[0], before.header.Instrs[0]) {
			return nil
		}
		l = in
		if slices.ContainsFunc(ops[:i], func(other *Op) bool {
			return other.Fn == op.Fn && (other.Instr.Block() == op.Instr.Block() || lazyssa.Reaches(other.Instr.Block(), op.Instr.Block()) || lazyssa.Reaches(op.Instr.Block(), other.Instr.Block()))
		}) {
			return nil
		}
	}
	return l
}

// countedLoop returns the only loop of a function that runs as often as Add has counted.
func (m *Model) countedLoop(add *Op) (found *loop) {
	args := add.Instr.(ssa.CallInstruction).Common().Args
	name := m.stableName(args[len(args)-1], 8)
	if _, isConst := args[len(args)-1].(*ssa.Const); isConst || name == "" {
		return nil
	}
	for _, b := range add.Fn.Blocks {
		l := m.loopsOf(add.Fn)[b]
		if l == nil || l.header != b || l.kind != boundLoop || l.sym != name || l.extra != 0 {
			continue
		}
		if found != nil || !precedes(add.Instr, b.Instrs[0]) {
			return nil
		}
		found = l
	}
	return found
}

// skipsRound reports whether a loop goes on to the next round without any of some operations
// that it does in others.
func (m *Model) skipsRound(l *loop, c *Class, ops []*Op) bool {
	w := m.wayOut(c, ops, m.above(ops))
	w.to, w.wary = l.header.Instrs[0], true
	if l.pre != nil { // the test comes last
		w.find(l.header, 1)
	} else {
		w.find(l.test.Block().Succs[1-l.exit], 0)
	}
	return w.came && w.met
}

// EndsByClose reports whether a range over a channel can only end when the channel is
// closed: nothing in the loop leaves it.
func (m *Model) EndsByClose(instr ssa.Instruction) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.endsByClose(instr)
}

func (m *Model) endsByClose(instr ssa.Instruction) bool {
	l := m.loopsOf(instr.Parent())[instr.Block()]
	if l == nil || l.kind != rangeLoop {
		return false
	}
	for b := range l.body {
		if b != l.header && slices.ContainsFunc(b.Succs, func(to *ssa.BasicBlock) bool { return !l.body[to] }) {
			return false
		}
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return false
		}
	}
	return true
}
