package syncmodel

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// An Unanswered is a receive of an answer that nobody gives on one way: the request that the
// channel of the answer travels in is dropped, or forgotten by who has taken it.
type Unanswered struct {
	Recv *Op
	At   ssa.Instruction // the select that drops it, or the test behind which it is forgotten
	Fn   *ssa.Function   // that drops or forgets it
	Took *Op             // the receive of a request that is forgotten; nil if it is dropped
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
	return m.forgotten(cargo, recv)
}

// cargo is what carries a channel in a function: the channel, and the local variables and copies of
// structs that have it in a field.
type cargo struct{ values map[ssa.Value]bool }

func cargoOf(v ssa.Value) cargo {
	c := cargo{map[ssa.Value]bool{v: true}}
	work := []ssa.Value{v}
	add := func(v ssa.Value) {
		if !c.values[v] {
			c.values[v] = true
			work = append(work, v)
		}
	}
	for len(work) > 0 {
		v := work[0]
		work = work[1:]
		if v.Referrers() == nil {
			continue
		}
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Store:
				if a := localOf(ref.Addr); ref.Val == v && a != nil {
					add(a)
				}
			case *ssa.UnOp:
				if ref.Op == token.MUL && holdsChan(ref.Type()) {
					add(ref)
				}
			case *ssa.FieldAddr, *ssa.Field, *ssa.Phi, *ssa.ChangeType, *ssa.MakeInterface, *ssa.TypeAssert:
				if v := ref.(ssa.Value); holdsChan(v.Type()) {
					add(v)
				}
			case *ssa.Extract:
				if holdsChan(ref.Type()) {
					add(ref)
				}
			}
		}
	}
	return c
}

// localOf returns the local variable that an address is of, or of a field of; nil if there is none.
func localOf(addr ssa.Value) *ssa.Alloc {
	for {
		switch x := addr.(type) {
		case *ssa.Alloc:
			return x
		case *ssa.FieldAddr:
			addr = x.X
		default:
			return nil
		}
	}
}

// holdsChan reports whether values of a type have a channel in them or point to one that has.
func holdsChan(t types.Type) bool {
	switch u := pointee(t).Underlying().(type) {
	case *types.Chan, *types.Interface:
		return true
	case *types.Struct:
		for f := range u.Fields() {
			if _, ok := f.Type().Underlying().(*types.Chan); ok {
				return true
			}
		}
	}
	return false
}

// gives reports whether an instruction lets somebody else have what carries the channel, answers
// or closes it. Of a select that is asked case by case.
func (c cargo) gives(instr ssa.Instruction) bool {
	switch v := instr.(type) {
	case *ssa.Store:
		return c.values[v.Val] && localOf(v.Addr) == nil
	case *ssa.UnOp, *ssa.FieldAddr, *ssa.Field, *ssa.Phi, *ssa.ChangeType, *ssa.MakeInterface, *ssa.TypeAssert, *ssa.Extract, *ssa.BinOp, *ssa.Select, *ssa.DebugRef:
		return false
	}
	for _, op := range instr.Operands(nil) {
		if *op != nil && c.values[*op] {
			return true
		}
	}
	return false
}

// givesIn reports whether a case of a select does.
func (c cargo) givesIn(st *ssa.SelectState) bool {
	return st.Dir == types.SendOnly && (c.values[st.Send] || c.values[st.Chan])
}

// reaches reports whether a way leads from behind an instruction to another without giving the cargo
// away. Tests of what the way itself has set go to one side.
func (c cargo) reaches(from, to ssa.Instruction, pass func(ssa.Instruction) bool) bool {
	return c.reachesFrom(from.Block(), nil, indexIn(from)+1, to, pass)
}

func (c cargo) reachesFrom(b, prev *ssa.BasicBlock, i int, to ssa.Instruction, pass func(ssa.Instruction) bool) bool {
	type step struct{ prev, b *ssa.BasicBlock }
	seen := make(map[step]bool)
	var visit func(b, prev *ssa.BasicBlock, i int) bool
	visit = func(b, prev *ssa.BasicBlock, i int) bool {
		for _, instr := range b.Instrs[i:] {
			if instr == to {
				return true
			}
			if !pass(instr) {
				return false
			}
		}
		for _, next := range c.after(b, prev) {
			if s := (step{b, next}); !seen[s] {
				seen[s] = true
				if visit(next, b, 0) {
					return true
				}
			}
		}
		return false
	}
	return visit(b, prev, i)
}

// after returns where a block goes on to that was entered from prev: not to the case of a select that gives the
// cargo away, nor where the channel is nil.
func (c cargo) after(b, prev *ssa.BasicBlock) []*ssa.BasicBlock {
	br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return b.Succs
	}
	switch cond := br.Cond.(type) {
	case *ssa.Phi:
		if k, ok := cond.Edges[max(0, slices.Index(b.Preds, prev))].(*ssa.Const); ok && cond.Block() == b && prev != nil {
			if constant.BoolVal(k.Value) {
				return b.Succs[:1]
			}
			return b.Succs[1:]
		}
	case *ssa.BinOp:
		if c.values[cond.X] && lazyssa.IsNil(cond.Y) {
			if cond.Op == token.EQL {
				return b.Succs[1:]
			}
			return b.Succs[:1]
		}
		x, ok := cond.X.(*ssa.Extract)
		if !ok || x.Index != 0 || cond.Op != token.EQL {
			break
		}
		sel, ok := x.Tuple.(*ssa.Select)
		k, isConst := cond.Y.(*ssa.Const)
		if ok && isConst && c.givesIn(sel.States[k.Int64()]) {
			return b.Succs[1:]
		}
	}
	return b.Succs
}

// dropped returns a select of a function, or of one that it calls without a result, which gives the
// cargo away in one case and goes on to the receive without having done so in another.
func (m *Model) dropped(c cargo, from, to ssa.Instruction, depth int) (*ssa.Select, *ssa.Function) {
	fn := from.Parent()
	keep := func(instr ssa.Instruction) bool { return !c.gives(instr) }
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch v := instr.(type) {
			case *ssa.Select:
				if ch, _ := c.sends(v); ch != nil && c.reaches(from, v, keep) && c.reaches(v, to, keep) {
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
	for _, ret := range lazyssa.Returns(callee) {
		if in.gives(entry) {
			break
		}
		if sel, by := m.dropped(in, entry, ret, depth); sel != nil {
			return sel, by
		}
	}
	return nil, nil
}

// forgotten returns how the function that takes the requests forgets one of which the answer is
// waited for: it goes round for the next without having looked at the channel of this one.
func (m *Model) forgotten(c cargo, recv *Op) *Unanswered {
	asks := m.requests(c, recv)
	if asks == nil || asks.outside&MaySend != 0 {
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
		if test := cargoOf(req).forgetsBy(took); test != nil {
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

// sends returns the channel that an instruction sends the cargo to, and what comes first behind it; or nil.
func (c cargo) sends(instr ssa.Instruction) (ch ssa.Value, sent ssa.Instruction) {
	switch v := instr.(type) {
	case *ssa.Send:
		if c.values[v.X] {
			return v.Chan, v
		}
	case *ssa.Select:
		i := slices.IndexFunc(v.States, c.givesIn)
		if i < 0 || !c.values[v.States[i].Send] {
			break
		}
		if b := caseOf(v, i); b != nil {
			return v.States[i].Chan, b.Succs[0].Instrs[0]
		}
	}
	return nil, nil
}

func isSelect(instr ssa.Instruction) bool {
	_, ok := instr.(*ssa.Select)
	return ok
}

// returns reports whether a way leads from behind an instruction out of the function without the other.
func (c cargo) returns(from, without ssa.Instruction) bool {
	if from == without {
		return false
	}
	return slices.ContainsFunc(lazyssa.Returns(from.Parent()), func(ret *ssa.Return) bool {
		return c.reaches(from, ret, func(instr ssa.Instruction) bool { return instr != without })
	})
}

// received returns what a receive brings.
func received(op *Op) ssa.Value {
	if op.Select == nil {
		u := op.Instr.(*ssa.UnOp)
		if u.CommaOk {
			return extractOf(u, 0)
		}
		return u
	}
	n := 2
	for _, st := range op.Select.States {
		if st.Dir != types.RecvOnly {
			continue
		}
		if st.Chan == op.Object {
			return extractOf(op.Select, n)
		}
		n++
	}
	return nil
}

func extractOf(tuple ssa.Value, i int) ssa.Value {
	for _, ref := range *tuple.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == i {
			return x
		}
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

// answers reports whether a case of a select looks at the channel or the request.
func (c cargo) answers(sel *ssa.Select) bool {
	return slices.ContainsFunc(sel.States, func(st *ssa.SelectState) bool { return c.values[st.Chan] || st.Send != nil && c.values[st.Send] })
}

// asksKind reports whether a condition compares a part of the request with a constant, or is one.
func (c cargo) asksKind(cond ssa.Value) bool {
	part := func(v ssa.Value) bool {
		return lazyssa.Mentions(v, 5, func(v ssa.Value) bool { return c.values[v] })
	}
	switch v := cond.(type) {
	case *ssa.BinOp:
		_, x := v.X.(*ssa.Const)
		_, y := v.Y.(*ssa.Const)
		return x && part(v.Y) || y && part(v.X)
	case *ssa.UnOp:
		return part(v.X)
	case *ssa.Extract:
		if a, ok := v.Tuple.(*ssa.TypeAssert); ok {
			return part(a.X)
		}
	}
	return false
}
