package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// An Unanswered is a receive of an answer that nobody gives on one way: the request that the
// channel of the answer travels in is dropped, forgotten by who has taken it, or left in a buffer.
type Unanswered struct {
	Recv *Op
	At   ssa.Instruction // the select that drops it, the test behind which it is forgotten, or the return that leaves it
	Fn   *ssa.Function   // that drops, forgets or leaves it
	Took *Op             // the receive of a request that is forgotten; or nil
}

// Unanswered returns the bare receives of answers that may never come.
func (m *Model) Unanswered() (found []*Unanswered) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.Has(Range, Measure) {
			continue
		}
		for _, mk := range c.makes {
			if u := m.unanswered(c, mk); u != nil {
				found = append(found, u)
			}
		}
	}
	return found
}

// unanswered looks at a channel that a function makes, gives away once and receives from.
func (m *Model) unanswered(c *Class, mk *ssa.MakeChan) *Unanswered {
	fn := mk.Parent()
	i := slices.IndexFunc(c.ops, func(op *Op) bool { return op.Kind == Recv && op.Fn == fn })
	if i < 0 || !c.ops[i].Bare() || slices.ContainsFunc(c.ops[i+1:], func(op *Op) bool { return op.Fn == fn }) {
		return nil
	}
	recv := c.ops[i]
	cargo := cargoOf(mk)
	if !cargo.values[recv.Object] {
		return nil
	}
	if sel, by := m.dropped(cargo, mk, recv.Instr, 2); sel != nil {
		return &Unanswered{Recv: recv, At: sel, Fn: by}
	}
	asks := m.requests(cargo, recv)
	if asks == nil {
		return nil
	}
	if u := m.forgotten(asks, recv); u != nil {
		return u
	}
	return m.leftBehind(asks, recv)
}

// dropped returns a select of a function, or of one that it calls without a result, which gives the
// cargo away if there is room, and else goes on to the receive without having done so.
func (m *Model) dropped(c cargo, from, to ssa.Instruction, depth int) (*ssa.Select, *ssa.Function) {
	fn := from.Parent()
	keep := func(instr ssa.Instruction) bool { return !c.gives(instr) }
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch v := instr.(type) {
			case *ssa.Select:
				if ch, _ := c.sends(v); ch != nil && !v.Blocking && len(v.States) == 1 && c.reaches(from, v, keep) && c.reaches(v, to, keep) {
					return v, fn
				}
			case *ssa.Call:
				callee := v.Call.StaticCallee()
				if callee == nil || depth == 0 || callee.Signature.Results().Len() > 0 || !m.inside(callee) || !c.gives(v) {
					continue
				}
				if sel, by := m.droppedBy(c, v, origin(callee), depth-1); sel != nil && c.reaches(from, v, keep) && c.reaches(v, to, keep) {
					return sel, by
				}
			}
		}
	}
	return nil, nil
}

// droppedBy looks for such a select in a function that is given the cargo.
func (m *Model) droppedBy(c cargo, call *ssa.Call, callee *ssa.Function, depth int) (*ssa.Select, *ssa.Function) {
	given := -1
	for i, arg := range call.Call.Args {
		if c.values[arg] {
			if given >= 0 {
				return nil, nil
			}
			given = i
		}
	}
	if given < 0 || len(callee.Params) != len(call.Call.Args) || len(callee.Blocks) == 0 {
		return nil, nil
	}
	in := cargoOf(callee.Params[given])
	entry := callee.Blocks[0].Instrs[0]
	if in.gives(entry) {
		return nil, nil
	}
	for _, ret := range lazyssa.Returns(callee) {
		if sel, by := m.dropped(in, entry, ret, depth); sel != nil {
			return sel, by
		}
	}
	return nil, nil
}

// leftBehind looks for the loop that takes the requests, if it may end while some are in the buffer, and who
// asks knows of that end when it sends one, but not when it waits for the answer.
func (m *Model) leftBehind(asks *Class, recv *Op) *Unanswered {
	room := func(mk *ssa.MakeChan) bool { n, ok := m.Capacity(mk); return n > 0 || !ok }
	if asks.outside != 0 || !slices.ContainsFunc(asks.makes, room) {
		return nil
	}
	var takes []*Op
	for _, op := range asks.ops {
		if op.Kind != Recv {
			continue
		}
		if op.Select != nil && !op.Select.Blocking {
			return nil // takes what is left, perhaps
		}
		takes = append(takes, op)
	}
	if len(takes) == 0 || !m.goes(takes[0].Fn) {
		return nil
	}
	loop := takes[0].Fn
	careful := func(g carefulSend) bool { return g.by == asks && g.op.Fn == recv.Fn }
	if !slices.ContainsFunc(m.carefulSends(loop), careful) {
		return nil
	}
	if ret := m.leaves(loop, takes, true); ret != nil {
		return &Unanswered{Recv: recv, At: ret, Fn: loop}
	}
	return nil
}

// forgotten returns how the function that takes the requests forgets one of which the answer is
// waited for: it goes round for the next without having looked at the channel of this one.
func (m *Model) forgotten(asks *Class, recv *Op) *Unanswered {
	if asks.outside&MaySend != 0 {
		return nil
	}
	for _, took := range asks.ops {
		if took.Kind != Recv && took.Kind != Range {
			continue
		}
		req := received(took)
		if req == nil || !inCycle(took.Instr.Block()) {
			continue
		}
		held := cargoOf(req)
		if held.kept() {
			continue // for a later round, perhaps
		}
		if test := held.forgetsBy(took); test != nil {
			return &Unanswered{Recv: recv, At: test, Fn: took.Fn, Took: took}
		}
	}
	return nil
}

// requests returns the channels that requests are sent to, if all that is done with them is to send
// them there, and if everybody who sends one waits for the answer.
func (m *Model) requests(c cargo, recv *Op) (to *Class) {
	for _, b := range recv.Fn.Blocks {
		for _, instr := range b.Instrs {
			ch, sent := c.sends(instr)
			if ch == nil {
				if c.gives(instr) {
					return nil
				}
				continue
			}
			if to != nil || c.returns(sent, recv.Instr) {
				return nil // the answer is not waited for on all ways
			}
			to = m.find(m.node(ch))
		}
	}
	if to == nil || slices.ContainsFunc(to.ops, func(op *Op) bool { return op.Kind == Send && op.Fn != recv.Fn || op.Kind == Measure }) {
		return nil
	}
	return to
}

// received returns what a receive brings.
func received(op *Op) ssa.Value {
	if op.Select == nil {
		u := op.Instr.(*ssa.UnOp)
		if u.CommaOk {
			return lazyssa.Extracted(u, 0)
		}
		return u
	}
	n := 2
	for _, st := range op.Select.States {
		if st.Dir != types.RecvOnly {
			continue
		}
		if st.Chan == op.Object {
			return lazyssa.Extracted(op.Select, n)
		}
		n++
	}
	return nil
}

// forgetsBy returns a test behind which a request is forgotten on one side, and given away or
// answered on all ways of the other. What the test asks is not what kind of request it is, for who
// sends a kind that nobody answers knows that.
func (c cargo) forgetsBy(took *Op) *ssa.If {
	keep := func(instr ssa.Instruction) bool {
		return !c.gives(instr) && !(isSelect(instr) && c.answers(instr.(*ssa.Select)))
	}
	from := took.Instr
	if took.Select != nil {
		i := slices.IndexFunc(took.Select.States, func(st *ssa.SelectState) bool { return st.Chan == took.Object })
		b := caseOf(took.Select, i)
		if b == nil {
			return nil
		}
		from = b.Succs[0].Instrs[0]
	}
	for _, b := range took.Fn.Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || c.asksKind(br.Cond) || len(c.after(b, nil)) != 2 || !c.reaches(from, br, keep) {
			continue
		}
		lost := func(to *ssa.BasicBlock) bool {
			return c.reachesFrom(to, b, 0, took.Instr, func(instr ssa.Instruction) bool {
				test, ok := instr.(*ssa.If)
				return keep(instr) && !(ok && c.asksKind(test.Cond))
			})
		}
		left := func(to *ssa.BasicBlock) bool {
			return slices.ContainsFunc(lazyssa.Returns(took.Fn), func(ret *ssa.Return) bool { return c.reachesFrom(to, b, 0, ret, keep) })
		}
		for i, to := range b.Succs {
			if other := b.Succs[1-i]; lost(to) && !lost(other) && !left(other) {
				return br
			}
		}
	}
	return nil
}
