package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"
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
