package syncmodel

import (
	"go/token"
	"go/types"
	"iter"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// waiting is an operation of a function, or of what it calls, that may block.
type waiting struct {
	at    ssa.Instruction
	chain []ssa.CallInstruction
	gone  []*Place // released meanwhile
	weak  bool
	state bool
}

const maxWaits = 16

func (s *lockSummary) wait(w waiting) {
	if len(s.waits) >= maxWaits || len(w.chain) > maxChain {
		return
	}
	for _, x := range s.waits {
		if x.at == w.at {
			return
		}
	}
	s.waits = append(s.waits, w)
}

// blockAt notes that the function blocks at an instruction.
func (w *lockWalk) blockAt(s *lockState, b waiting) {
	first := firstOf(b.chain, b.at)
	w.sum.wait(waiting{b.at, b.chain, slices.Clone(s.gone), b.weak, b.state || !isCondWait(first) && w.l.m.heldBack(first, nil)})
	if !w.l.record {
		return
	}
	var held []Hold
	for _, h := range s.held {
		if !h.stale && !slices.Contains(b.gone, h.Lock) {
			held = append(held, h)
		}
	}
	if len(held) == 0 {
		return
	}
	for _, x := range w.blocked {
		if x.At == b.at && len(x.Chain) == len(b.chain) && (len(x.Chain) == 0 || x.Chain[0] == b.chain[0]) {
			return
		}
	}
	ev := &BlockEvent{w.f, b.at, b.chain, held, b.weak || b.state, nil}
	for _, h := range held {
		ev.Guarded = append(ev.Guarded, !isCondWait(first) && w.l.m.heldBack(first, h.At))
	}
	w.blocked = append(w.blocked, ev)
}

// blockAs notes what a function blocks at.
func (w *lockWalk) blockAs(s *lockState, in *entry) {
	sum := w.l.sums[in.fn]
	if sum == nil {
		return
	}
	for _, b := range sum.waits {
		c := waiting{at: b.at, chain: slices.Concat(in.chain, b.chain), weak: b.weak || in.weak, state: b.state || in.state}
		for _, p := range b.gone {
			if q := in.translate(p); q != nil {
				c.gone = append(c.gone, q)
			}
		}
		w.blockAt(s, c)
	}
}

// isCondWait reports whether an instruction waits for a condition, which is guarded by
// what it waits for.
func isCondWait(at ssa.Instruction) bool {
	call, ok := at.(ssa.CallInstruction)
	if !ok {
		return false
	}
	kind, ok := callKind(call.Common())
	return ok && kind == CondWait
}

// stateGuarded reports whether a flag decides if an instruction is reached: a condition
// on a field or variable, behind after if that is not nil. Whoever sets it may know
// what the two sides know of each other, unless only the first call comes here.
func (m *Model) stateGuarded(at, after ssa.Instruction) bool {
	for test, to := range flagsBefore(at, after) {
		if !m.latches(test, to, at) && !m.exists(test, at) {
			return true
		}
	}
	return false
}

// changes reports whether a flag decides if an instruction is reached that is not given to the object for good.
func (m *Model) changes(at ssa.Instruction) bool {
	for test, to := range flagsBefore(at, nil) {
		if !m.latches(test, to, at) && !m.exists(test, at) && !m.configured(test) {
			return true
		}
	}
	return false
}

// asksConfigured reports whether what an object is given when it is made decides if an instruction is reached.
func (m *Model) asksConfigured(at ssa.Instruction) bool {
	for test := range flagsBefore(at, nil) {
		if m.configured(test) {
			return true
		}
	}
	return false
}

// heldBack is stateGuarded for what waits while a lock is held: a flag that only the end of the
// object sets is not set while it works, and tells nothing then about who needs the lock.
func (m *Model) heldBack(at, after ssa.Instruction) bool {
	for test, to := range flagsBefore(at, after) {
		if !m.works(test, to) && !m.exists(test, at) {
			return true
		}
	}
	return false
}

// Heeded reports whether flags that decide about a blocked operation, behind the Lock, are known to
// those it waits for: what they do may depend on them, or they may set them.
func (l *Locks) Heeded(b *BlockEvent, h Hold, partners []LockedPartner) bool {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	for test, to := range flagsBefore(b.First(), h.At) {
		if l.m.works(test, to) || l.m.exists(test, b.First()) {
			continue
		}
		flag := flagField(test.Cond)
		if flag == nil || slices.ContainsFunc(partners, func(p LockedPartner) bool { return l.mayTouch(p.Op, flag) }) {
			return true
		}
	}
	return false
}

// flagField returns the field that a condition compares or asks, or nil.
func flagField(cond ssa.Value) *types.Var {
	if fa := flagAddr(cond); fa != nil {
		return fieldVar(fa)
	}
	return nil
}

// mayTouch reports whether the goroutine that comes to an operation may read or write a field.
func (l *Locks) mayTouch(op *Op, field *types.Var) bool {
	var work []*ssa.Function
	if op.Starts() {
		act, _ := l.m.goneWith(op)
		if act == nil {
			return true
		}
		work = append(work, act.fn)
	} else {
		starts := l.starts(op.Fn)
		work = slices.AppendSeq(make([]*ssa.Function, 0, len(starts)), maps.Keys(starts))
	}
	seen := make(map[*ssa.Function]bool)
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[fn] {
			continue
		}
		if seen[fn] = true; len(seen) > maxNeedSteps {
			return true
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.FieldAddr:
					if fieldVar(instr) == field {
						return true
					}
				case *ssa.Go:
				case ssa.CallInstruction:
					work = append(work, l.callees(instr)...)
				}
			}
		}
	}
	return false
}

// flagsBefore yields the tests of flags that decide if an instruction is reached, behind after
// if that is not nil, each with the block that it leads to.
func flagsBefore(at, after ssa.Instruction) iter.Seq2[*ssa.If, *ssa.BasicBlock] {
	return func(yield func(*ssa.If, *ssa.BasicBlock) bool) {
		if after != nil && after.Parent() != at.Parent() {
			return // held by a callee that calls back
		}
		b := at.Block()
		for d := b.Idom(); d != nil; b, d = d, d.Idom() {
			if after != nil && after.Block() != d && !after.Block().Dominates(d) {
				return
			}
			br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
			if !ok || !isState(br.Cond) || asksWhatIsSent(br.Cond, at) {
				continue
			}
			for _, to := range d.Succs {
				if len(to.Preds) == 1 && to.Dominates(b) && !yield(br, to) {
					return
				}
			}
		}
	}
}

// asksWhatIsSent reports whether a condition is about the copy of a struct that is sent then: nobody else
// has it yet.
func asksWhatIsSent(cond ssa.Value, at ssa.Instruction) bool {
	send, ok := at.(*ssa.Send)
	if !ok {
		return false
	}
	load, ok := send.X.(*ssa.UnOp)
	if !ok {
		return false
	}
	a, ok := load.X.(*ssa.Alloc)
	return ok && !a.Heap && lazyssa.Mentions(cond, 4, func(v ssa.Value) bool {
		fa, ok := v.(*ssa.FieldAddr)
		return ok && fa.X == a
	})
}

// exists reports whether a test only asks if what is called has been set, such as a callback,
// which nobody takes back: where it has not been, there is no other side.
func (m *Model) exists(test *ssa.If, at ssa.Instruction) bool {
	cmp, ok := test.Cond.(*ssa.BinOp)
	if !ok || !lazyssa.IsNil(cmp.Y) {
		return false
	}
	call, ok := at.(ssa.CallInstruction)
	if !ok {
		return false
	}
	callee := call.Common().Value
	if call.Common().StaticCallee() != nil && call.Common().Signature().Recv() != nil {
		callee = call.Common().Args[0]
	}
	asked, called := lazyssa.FieldLoaded(cmp.X), lazyssa.FieldLoaded(callee)
	if asked == nil || called == nil || asked.X != called.X || asked.Field != called.Field {
		return false
	}
	field := m.fieldOf(asked.X.Type(), asked.Field)
	m.indexFields()
	return field != nil && !m.fieldShared[field] && !slices.ContainsFunc(m.fieldStores[field], func(st *ssa.Store) bool { return lazyssa.IsZero(st.Val) })
}

// works reports whether a test of a flag that is set once, and never taken back, leads to a block
// because the flag is not set.
func (m *Model) works(test *ssa.If, to *ssa.BasicBlock) bool {
	flag, set := flagOf(test)
	return flag != nil && to != test.Block().Succs[set] && m.once(m.fieldOf(flag.X.Type(), flag.Field))
}

// latches reports whether the flag that a test reads is set for good, in the block that it leads
// to and on the way to an instruction: it tells the first call from those after it, and nothing
// of what others do.
func (m *Model) latches(test *ssa.If, to *ssa.BasicBlock, at ssa.Instruction) bool {
	flag, _ := flagOf(test)
	return flag != nil && m.once(m.fieldOf(flag.X.Type(), flag.Field)) && slices.ContainsFunc(to.Instrs, func(instr ssa.Instruction) bool {
		st, ok := instr.(*ssa.Store)
		if !ok || !precedes(st, at) {
			return false
		}
		addr, ok := st.Addr.(*ssa.FieldAddr)
		return ok && addr.X == flag.X && addr.Field == flag.Field
	})
}

// isState reports whether a condition reads a flag.
func isState(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			return isState(v.X)
		}
		return v.Op == token.MUL && isMemory(v.X)
	case *ssa.BinOp:
		if v.Op != token.EQL && v.Op != token.NEQ {
			return false
		}
		_, c1 := v.X.(*ssa.Const)
		_, c2 := v.Y.(*ssa.Const)
		return c2 && isState(v.X) || c1 && isState(v.Y)
	case *ssa.Call: // x.isClosed(), x.done.Load()
		fn := v.Call.StaticCallee()
		return fn != nil && fn.Signature.Recv() != nil && len(v.Call.Args) == 1
	}
	return false
}

// isMemory reports whether an address is of something that other functions may know.
func isMemory(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.FieldAddr, *ssa.Global, *ssa.FreeVar:
		return true
	}
	return false
}

// hold remembers what is held at an instruction on all ways to it.
func (w *lockWalk) hold(s *lockState, at ssa.Instruction) {
	if !w.l.record {
		return
	}
	old, ok := w.l.heldAt[at]
	if !ok {
		for _, h := range s.held {
			if !h.stale {
				old = append(old, h)
			}
		}
		w.l.heldAt[at] = old
		return
	}
	w.l.heldAt[at] = slices.DeleteFunc(old, func(h Hold) bool {
		return !slices.ContainsFunc(s.held, func(x Hold) bool { return x.Lock == h.Lock && !x.stale })
	})
}

// OpsAt returns the operations of an instruction, several for a select.
func (l *Locks) OpsAt(at ssa.Instruction) []*Op { return l.ops[at] }

// ClassOfOp returns the class of the object of an operation.
func (l *Locks) ClassOfOp(op *Op) *Class { return l.classOf[op] }

func (l *Locks) indexOps() {
	for _, c := range l.m.order {
		if c.up != nil {
			continue
		}
		for _, op := range c.ops {
			l.ops[op.Instr] = append(l.ops[op.Instr], op)
			l.classOf[op] = c
		}
	}
}

// CondLock returns the lock that a Cond.Wait releases while it waits, or nil.
func (l *Locks) CondLock(op *Op) *Place {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	p, _ := l.lockOfCond(l.place(op.Object))
	return p
}

func isReceive(v ssa.Value) bool {
	u, ok := v.(*ssa.UnOp)
	return ok && u.Op == token.ARROW
}
