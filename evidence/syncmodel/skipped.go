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

// A Skipped is something that a function does on some of its ways to return, and that
// others wait for, but not on all of them.
type Skipped struct {
	Fn    *ssa.Function
	Op    *Op             // that the other ways do
	From  ssa.Instruction // what obliges the function, nil if that it is started
	Ret   *ssa.Return     // that is come to without it; nil if it is owed for each round
	Waits []*Op           // who waits for it
	Joint bool            // who waits tells others of its end
	Sure  bool            // nothing that others set decides about it
}

// SkippedDones returns the functions of goroutines that may return without the Done that
// somebody waits for.
func (m *Model) SkippedDones() (found []*Skipped) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.outside != 0 || !c.Has(Wait) || !c.Has(Add) || !c.Has(Done) {
			continue
		}
		var dones, adds []*Op
		for _, op := range c.ops {
			switch op.Kind {
			case Done:
				dones = append(dones, op)
			case Add:
				adds = append(adds, op)
			}
		}
		for _, fn := range functions(dones) {
			if !m.onlyGoes(fn) || m.countsItself(fn, adds, dones) {
				continue
			}
			var x *Skipped
			if l, looped := m.rounds(fn, dones); !looped {
				x = m.skipped(c, fn, dones)
			} else if l != nil && l.kind == rangeLoop {
				if x = m.skippedRound(c, fn, dones, l); x != nil {
					x.Sure = len(functions(dones)) == 1 && m.countsEach(adds, l)
				}
			}
			if x != nil {
				found = append(found, x)
			}
		}
	}
	return found
}

// UnmatchedAdds returns the functions that count one goroutine more for somebody who waits elsewhere,
// and may return without having started it: nobody else calls Done.
func (m *Model) UnmatchedAdds() (found []*Skipped) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.outside != 0 || !c.Has(Wait) || !c.Has(Done) {
			continue
		}
		var waits, adds, dones []*Op
		for _, op := range c.ops {
			switch {
			case op.Kind == Wait:
				waits = append(waits, op)
			case op.Kind == Add && addsOne(op):
				adds = append(adds, op)
			default:
				dones = append(dones, op)
			}
		}
		for _, add := range adds {
			startsAll := !slices.ContainsFunc(dones, func(op *Op) bool { return op.Kind != Done || !m.onlyGoes(op.Fn) || m.startIn(add.Fn, op.Fn) == nil })
			if !startsAll || slices.ContainsFunc(waits, func(op *Op) bool { return lazyssa.Outermost(op.Fn) == lazyssa.Outermost(add.Fn) }) {
				continue
			}
			w := m.wayOut(c, dones, m.above(dones))
			if ret := w.find(add.Instr.Block(), indexIn(add.Instr)+1); ret != nil && w.met {
				found = append(found, &Skipped{Op: add, Fn: add.Fn, Ret: ret, Waits: waits, Sure: true})
			}
		}
	}
	return found
}

// addsOne reports whether an operation is Add(1).
func addsOne(op *Op) bool {
	args := op.Instr.(ssa.CallInstruction).Common().Args
	n, ok := args[len(args)-1].(*ssa.Const)
	return ok && n.Value != nil && n.Int64() == 1
}

// rounds returns the loop in which a function does all of some operations, nil if there
// is none; looped tells that it does one of them in a loop, and so not once for itself.
func (m *Model) rounds(fn *ssa.Function, ops []*Op) (l *loop, looped bool) {
	loops := m.loopsOf(fn)
	same := true
	for i, op := range slices.DeleteFunc(slices.Clone(ops), func(op *Op) bool { return op.Fn != fn }) {
		in := loops[op.Instr.Block()]
		same = same && (i == 0 || in == l)
		looped = looped || in != nil
		l = in
	}
	if !same {
		l = nil
	}
	return l, looped
}

// skippedRound looks for a way through the loop over a channel that leaves out the
// operations: they are owed for what was received. Only who counts knows whether it is.
func (m *Model) skippedRound(c *Class, fn *ssa.Function, ops []*Op, l *loop) *Skipped {
	x := m.obliged(c, fn, ops)
	if x == nil {
		return nil
	}
	for _, to := range l.header.Succs {
		if !l.body[to] {
			continue
		}
		w := m.wayOut(c, ops, m.above(ops))
		w.to = l.header.Instrs[0]
		w.find(to, 0)
		if w.came {
			return x
		}
	}
	return nil
}

// countsEach reports whether all Adds are those by which whoever sends something for a loop over a channel
// counts just that before.
func (m *Model) countsEach(adds []*Op, l *loop) bool {
	var over *ssa.UnOp
	for _, instr := range l.header.Instrs {
		if recv, ok := instr.(*ssa.UnOp); ok && IsRange(recv) {
			over = recv
		}
	}
	if over == nil || m.node(over.X).outside&MaySend != 0 {
		return false
	}
	var sends []*Op
	for _, op := range m.node(over.X).ops {
		if op.Kind == Send {
			sends = append(sends, op)
		}
	}
	before := func(add, send *Op) bool {
		loops := m.loopsOf(add.Fn)
		return add.Fn == send.Fn && precedes(add.Instr, send.Instr) && loops[add.Instr.Block()] == loops[send.Instr.Block()]
	}
	return len(sends) == len(adds) && !slices.ContainsFunc(adds, func(add *Op) bool {
		return !addsOne(add) || !slices.ContainsFunc(sends, func(send *Op) bool { return before(add, send) })
	})
}

// countsItself reports whether a function calls Add, itself or by a call, before its Done.
func (m *Model) countsItself(fn *ssa.Function, adds, dones []*Op) bool {
	counts := m.above(adds)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || !first(instr, fn, dones) {
				continue
			}
			if kind, ok := callKind(call.Common()); ok && kind == Add || slices.ContainsFunc(m.targets(call), func(fn *ssa.Function) bool { return counts[fn] }) {
				return true
			}
		}
	}
	return false
}

// SkippedCloses returns the functions of goroutines, and those that run once, that may
// return without closing the channel that somebody waits for.
func (m *Model) SkippedCloses() (found []*Skipped) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.outside&(MaySend|MayClose) != 0 || !c.Has(Close) || c.Has(Measure) {
			continue
		}
		var closes []*Op
		for _, op := range c.ops {
			if op.Kind == Close {
				closes = append(closes, op)
			}
		}
		closes = m.lifted(c, closes)
		fns := functions(closes)
		if len(fns) != 1 {
			continue
		}
		if x, local := m.leftOpen(c, fns[0], closes); local {
			if x != nil {
				found = append(found, x)
			}
			continue
		}
		if x := m.openByError(c, fns[0], closes); x != nil {
			found = append(found, x)
			continue
		}
		if x, listed := m.leftListed(c, fns[0], closes); listed {
			if x != nil {
				found = append(found, x)
			}
			continue
		}
		goes := m.onlyGoes(fns[0])
		x := m.skipped(c, fns[0], closes)
		if x != nil && !c.Has(Send) && m.answersSome(closes) {
			x.Sure = true
			found = append(found, x)
			continue
		}
		if x != nil && c.Has(Send) { // only who waits for the end gets nothing from that
			x.Waits = slices.DeleteFunc(x.Waits, func(op *Op) bool { return !m.endsByClose(op.Instr) })
			x.Sure = x.Sure && goes && !m.restarted(fns[0]) // one of several may do it for all
		}
		if x != nil && len(x.Waits) > 0 && (goes || m.runsOnce(fns[0]) || fails(x.Ret)) {
			x.Sure = x.Sure && goes && m.silently(c, fns[0], closes)
			found = append(found, x)
		}
	}
	return found
}

// lifted returns the calls by which a function does some operations, if they are all in a helper which
// does one of them on every way, and which that function alone calls; otherwise the operations.
func (m *Model) lifted(c *Class, ops []*Op) []*Op {
	for range 3 {
		fns := functions(ops)
		if len(fns) != 1 || fns[0].Parent() != nil || m.taken[fns[0]] || m.named(fns[0].Object()) {
			break
		}
		helper := fns[0]
		var calls []*Op
		for _, site := range m.sites[helper] {
			if _, isGo := site.(*ssa.Go); isGo || site.Parent() == helper {
				return ops
			}
			op := &Op{Kind: ops[0].Kind, Instr: site, Fn: site.Parent(), Object: ops[0].Object}
			for v := op.Object; v != nil; v = derivation(v) {
				if p, ok := v.(*ssa.Parameter); ok {
					op.Object = site.Common().Args[slices.Index(helper.Params, p)]
				}
			}
			calls = append(calls, op)
		}
		if len(functions(calls)) != 1 || m.wayOut(c, ops, m.above(ops)).find(helper.Blocks[0], 0) != nil {
			break
		}
		ops = calls
	}
	return ops
}

// leftOpen looks at a channel that a function makes, closes, and starts all those for who range
// over it; local tells whether it does. It must close it, once they are started.
func (m *Model) leftOpen(c *Class, fn *ssa.Function, closes []*Op) (x *Skipped, local bool) {
	if len(c.makes) != 1 || c.makes[0].Parent() != fn || inCycle(c.makes[0].Block()) {
		return nil, false
	}
	if x = m.obliged(c, fn, closes); x == nil {
		return nil, false
	}
	if slices.ContainsFunc(closes, func(op *Op) bool { return remembered(op.Instr) }) {
		return nil, true
	}
	for _, wait := range x.Waits {
		start := m.startIn(fn, wait.Fn)
		if start == nil || wait.Kind != Range || !m.endsByClose(wait.Instr) {
			return nil, false
		}
		if slices.ContainsFunc(closes, func(op *Op) bool { return precedes(op.Instr, start) }) {
			return nil, true // by a defer
		}
		if ret := m.wayOut(c, closes, m.above(closes)).find(start.Block(), indexIn(start)+1); ret != nil {
			x.Ret = cmp.Or(x.Ret, ret)
		}
	}
	if x.Ret == nil {
		return nil, true
	}
	return x, true
}

// openByError looks at a channel that a function makes, and lends to a goroutine that ranges over it
// and, after that, to the one function which closes it: that may return for an error before it does.
func (m *Model) openByError(c *Class, fn *ssa.Function, closes []*Op) *Skipped {
	if len(m.sites[fn]) != 1 || m.taken[fn] || len(c.makes) != 1 {
		return nil
	}
	call, plain := m.sites[fn][0].(*ssa.Call)
	lends := c.makes[0].Parent()
	if loops := m.loopsOf(lends); !plain || call.Parent() != lends || loops[call.Block()] != loops[c.makes[0].Block()] || !m.survives(call) {
		return nil
	}
	x := m.obliged(c, fn, closes)
	if x == nil || !x.Sure {
		return nil
	}
	x.Waits = slices.DeleteFunc(x.Waits, func(wait *Op) bool {
		start := m.startBefore(call, wait)
		x.Joint = x.Joint || start != nil && m.counted(start.fn)
		return start == nil || wait.Kind != Range || !m.endsByClose(wait.Instr)
	})
	w := m.wayOut(c, closes, m.above(closes))
	w.fails = true
	if x.Ret = w.find(fn.Blocks[0], 0); x.Ret == nil || len(x.Waits) == 0 {
		return nil
	}
	return x
}

// leftListed looks at a channel whose maker puts it, or the object that it is in, into a map, where those
// find it who wait for its close; listed tells whether it does. The maker, or the one function which it
// calls for that, may return for an error before.
func (m *Model) leftListed(c *Class, fn *ssa.Function, closes []*Op) (x *Skipped, listed bool) {
	if len(c.makes) != 1 || c.Has(Send) {
		return nil, false
	}
	up := m.listed(c.makes[0])
	if up == nil {
		return nil, false
	}
	w := m.wayOut(c, closes, m.above(closes))
	w.fails = true
	x = &Skipped{Fn: fn, Op: closes[0], Sure: true}
	if fn == up.Parent() {
		if slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool { return slices.ContainsFunc(b.Instrs, w.defers) }) {
			return nil, true
		}
		x.Ret = w.find(up.Block(), indexIn(up)+1)
	} else if sites := m.sites[fn]; len(sites) == 1 && !m.taken[fn] && sites[0].Parent() == up.Parent() && precedes(up, sites[0]) {
		x.Ret = w.find(fn.Blocks[0], 0)
	} else {
		return nil, false
	}
	for _, op := range c.ops {
		beside := op.Fn != up.Parent() && op.Fn != fn || op.Fn == up.Parent() && !reaches(up, op.Instr)
		if beside && op.Bare() && (op.Kind == Recv || op.Kind == Range) {
			x.Waits = append(x.Waits, op)
		}
	}
	if x.Ret == nil || len(x.Waits) == 0 {
		return nil, !m.onlyGoes(fn)
	}
	return x, true
}

// defers reports whether an instruction defers the operation.
func (w *wayOut) defers(instr ssa.Instruction) bool {
	_, ok := instr.(*ssa.Defer)
	return ok && w.over(instr)
}

// listed returns the instruction by which the function that makes a channel puts it into a map, or the
// new struct that it is in.
func (m *Model) listed(mk *ssa.MakeChan) *ssa.MapUpdate {
	holds := func(v ssa.Value) bool {
		v, _ = m.trace(v, nil)
		if v == mk {
			return true
		}
		a, ok := v.(*ssa.Alloc)
		return ok && slices.ContainsFunc(*a.Referrers(), func(ref ssa.Instruction) bool {
			fa, ok := ref.(*ssa.FieldAddr)
			return ok && slices.ContainsFunc(*fa.Referrers(), func(ref ssa.Instruction) bool {
				st, ok := ref.(*ssa.Store)
				return ok && st.Val == mk
			})
		})
	}
	for _, b := range mk.Parent().Blocks {
		for _, instr := range b.Instrs {
			if up, ok := instr.(*ssa.MapUpdate); ok && holds(up.Value) {
				return up
			}
		}
	}
	return nil
}

// startBefore returns the goroutine of an operation, if the function of a call starts it before that.
func (m *Model) startBefore(call ssa.CallInstruction, op *Op) *activation {
	leads := m.above([]*Op{op})
	for _, b := range call.Parent().Blocks {
		for _, instr := range b.Instrs {
			if start, ok := instr.(ssa.CallInstruction); ok && precedes(instr, call) {
				if act := m.startedBy(start, &activation{fn: call.Parent()}); act != nil && leads[act.fn] {
					return act
				}
			}
		}
	}
	return nil
}

// survives reports whether the function of a call goes on to a return, if the call tells it of an error:
// the program does not end with that.
func (m *Model) survives(call *ssa.Call) (found bool) {
	ofCall := func(err ssa.Value) bool {
		if load, ok := err.(*ssa.UnOp); ok {
			a, ok := load.X.(*ssa.Alloc)
			return ok && slices.ContainsFunc(stores(a), func(st *ssa.Store) bool { return st.Val == call })
		}
		x, ok := err.(*ssa.Extract)
		return err == call || ok && x.Tuple == call
	}
	ways(call.Block(), indexIn(call)+1, func(instr ssa.Instruction) bool {
		_, returns := instr.(*ssa.Return)
		found = found || returns
		return !found
	}, func(b *ssa.BasicBlock) []*ssa.BasicBlock {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !aboutError(br.Cond) || !ofCall(br.Cond.(*ssa.BinOp).X) {
			return b.Succs
		}
		if br.Cond.(*ssa.BinOp).Op == token.NEQ {
			return b.Succs[:1]
		}
		return b.Succs[1:]
	})
	return found
}

// remembered reports whether a variable of the function itself, other than an error, decides if an
// instruction is come to: it may say whether something has been started.
func remembered(at ssa.Instruction) bool {
	b := at.Block()
	for d := b.Idom(); d != nil; b, d = d, d.Idom() {
		br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || aboutError(br.Cond) || len(b.Preds) != 1 || inCycle(d) && !lazyssa.Reaches(b, d) {
			continue
		}
		if lazyssa.Mentions(br.Cond, 4, func(v ssa.Value) bool {
			switch v.(type) {
			case *ssa.Phi, *ssa.Alloc:
				return true
			}
			return false
		}) {
			return true
		}
	}
	return false
}

// startIn returns the instruction of a function that starts the goroutine of another; nil if
// there is none, or more than one.
func (m *Model) startIn(fn, goroutine *ssa.Function) (start ssa.Instruction) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if act := m.startedBy(call, &activation{fn: fn}); act != nil && act.fn == goroutine {
				if start != nil {
					return nil
				}
				start = instr
			}
		}
	}
	return start
}

// functions returns the functions of operations, each once.
func functions(ops []*Op) (fns []*ssa.Function) {
	for _, op := range ops {
		if !slices.Contains(fns, op.Fn) {
			fns = append(fns, op.Fn)
		}
	}
	return fns
}

// silently reports whether a function can return without the closes and without having told
// anybody anything else in their stead: who is told of an error may not wait.
func (m *Model) silently(c *Class, fn *ssa.Function, closes []*Op) bool {
	if m.talking == nil {
		var all []*Op
		for _, c := range m.order {
			for _, op := range c.ops {
				if c.up == nil && (op.Kind == Send || op.Kind == Close || op.Kind == Done || op.Kind == Signal) {
					all = append(all, op)
				}
			}
		}
		m.talking = m.above(all)
	}
	w := m.wayOut(c, closes, m.talking)
	w.talks = true
	return w.find(fn.Blocks[0], 0) != nil
}

// runsOnce reports whether a function is the literal that a sync.Once runs.
func (m *Model) runsOnce(fn *ssa.Function) bool { return m.onceOf(fn) != nil }

// onceOf returns the sync.Once that runs a literal, or nil.
func (m *Model) onceOf(fn *ssa.Function) ssa.Value {
	p := fn.Parent()
	if p == nil {
		return nil
	}
	for _, b := range p.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && call.Common().StaticCallee() != nil &&
				lint.IsMethod(call.Common().StaticCallee().Object(), "sync", "Once", "Do") && slices.Contains(m.funcsOf(call.Common().Args[1]), fn) {
				return call.Common().Args[0]
			}
		}
	}
	return nil
}

// fails reports whether a return tells the caller of an error.
func fails(ret *ssa.Return) bool {
	if len(ret.Results) == 0 {
		return false
	}
	last := ret.Results[len(ret.Results)-1]
	return lint.IsError(last.Type()) && !lazyssa.IsZero(last)
}

// first reports whether an instruction precedes one of the operations in a function.
func first(at ssa.Instruction, fn *ssa.Function, ops []*Op) bool {
	return slices.ContainsFunc(ops, func(op *Op) bool { return op.Fn == fn && precedes(at, op.Instr) })
}

// skipped looks for a way through a function that leaves out the operations, though
// somebody waits for them.
func (m *Model) skipped(c *Class, fn *ssa.Function, ops []*Op) *Skipped {
	x := m.obliged(c, fn, ops)
	if x == nil {
		return nil
	}
	w := m.wayOut(c, ops, m.above(ops))
	if x.Ret = w.find(fn.Blocks[0], 0); x.Ret == nil {
		return nil
	}
	return x
}

// obliged says who waits for the operations of a function; nil if nobody does.
func (m *Model) obliged(c *Class, fn *ssa.Function, ops []*Op) *Skipped {
	x := &Skipped{Fn: fn, Sure: true}
	for _, op := range c.ops {
		if op.Bare() && op.Fn != fn && (op.Kind == Recv || op.Kind == Range || op.Kind == Wait) {
			x.Waits = append(x.Waits, op)
		}
	}
	if len(x.Waits) == 0 {
		return nil
	}
	for _, op := range ops {
		if op.Fn == fn {
			if x.Op == nil {
				x.Op = op
			}
			x.Sure = x.Sure && !decided(op.Instr)
		}
	}
	return x
}

// decided reports whether something that the function gets from others, or that others
// set, decides if an instruction is come to: they may know what follows. The test of a loop
// decides only when.
func decided(at ssa.Instruction) bool {
	b := at.Block()
	for d := b.Idom(); d != nil; b, d = d, d.Idom() {
		br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if ok && (given(br.Cond, 6) || isState(br.Cond) && !aboutError(br.Cond) || lazyssa.Mentions(br.Cond, 4, isAtomic)) &&
			slices.ContainsFunc(d.Succs, func(to *ssa.BasicBlock) bool { return len(to.Preds) == 1 && to.Dominates(b) }) &&
			(!inCycle(d) || lazyssa.Reaches(b, d)) {
			return true
		}
	}
	return false
}

// isAtomic reports whether a value is what an atomic operation returns: who counts down to
// zero is the last of several.
func isAtomic(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok || call.Call.StaticCallee() == nil {
		return false
	}
	obj := call.Call.StaticCallee().Object()
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "sync/atomic"
}

// aboutError reports whether a condition asks whether there is an error.
func aboutError(cond ssa.Value) bool {
	cmp, ok := cond.(*ssa.BinOp)
	return ok && lint.IsError(cmp.X.Type()) && lazyssa.IsZero(cmp.Y)
}

// underError reports whether a block is come to only where there is an error.
func underError(b *ssa.BasicBlock) bool {
	for cond, is := range lazyssa.Conditions(b) {
		if aboutError(cond) && is == (cond.(*ssa.BinOp).Op == token.NEQ) {
			return true
		}
	}
	return false
}

// given reports whether a value is made of nothing but parameters, captured variables and
// constants.
func given(v ssa.Value, depth int) bool {
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar, *ssa.Const:
		return true
	case *ssa.UnOp:
		return v.Op != token.ARROW && depth > 0 && given(v.X, depth-1)
	case *ssa.BinOp:
		return depth > 0 && given(v.X, depth-1) && given(v.Y, depth-1)
	case *ssa.Field:
		return depth > 0 && given(v.X, depth-1)
	case *ssa.FieldAddr:
		return depth > 0 && given(v.X, depth-1)
	}
	return false
}

// wayOut looks for a return that is come to without any of some operations.
type wayOut struct {
	m    *Model
	c    *Class
	ops  []ssa.Instruction
	from map[ssa.Value]bool     // what their objects are reached from
	does map[*ssa.Function]bool // functions that may lead to them
	met  bool                   // another way leads to one of them
	to   ssa.Instruction        // if it is come to, without them, that counts as a return does
	came bool                   // it was
	wary bool                   // what is started on the way may be why they are left out

	fails bool // only a return for an error counts

	talks bool            // whatever tells others something counts as well
	facts map[string]bool // conditions that are decided
	flags map[*ssa.Phi]bool
}

func (m *Model) wayOut(c *Class, ops []*Op, does map[*ssa.Function]bool) *wayOut {
	w := &wayOut{m: m, c: c, does: does, from: make(map[ssa.Value]bool)}
	for _, op := range ops {
		w.ops = append(w.ops, op.Instr)
		if test := m.eachOf(op); test != nil {
			w.ops = append(w.ops, test)
		}
		for v := op.Object; v != nil; v = derivation(v) {
			w.from[v] = true
		}
	}
	return w
}

// eachOf returns the test of the loop over a container in which a channel that it has is closed:
// who comes there does so to all that there are.
func (m *Model) eachOf(op *Op) ssa.Instruction {
	l := m.loopsOf(op.Fn)[op.Instr.Block()]
	if op.Kind != Close || l == nil || answered(op, l) != nil || l.header.Comment != "rangeindex.loop" && l.header.Comment != "rangeiter.loop" {
		return nil
	}
	if at, ok := op.Object.(ssa.Instruction); !ok || !l.body[at.Block()] {
		return nil
	}
	return l.header.Instrs[len(l.header.Instrs)-1]
}

// find returns the first return that is come to; nil if there is none.
func (w *wayOut) find(b *ssa.BasicBlock, i int) (found *ssa.Return) {
	ways(b, i, func(instr ssa.Instruction) bool {
		switch {
		case instr == w.to:
			w.came = true
			return false
		case w.over(instr):
			w.met = true
			return false
		case w.wary && w.m.startsAny(instr):
			return false
		}
		if ret, ok := instr.(*ssa.Return); ok && ret.Block() != ret.Parent().Recover && (!w.fails || fails(ret) || underError(ret.Block())) {
			found = cmp.Or(found, ret)
		}
		return true
	}, w.next)
	return found
}

// next returns the blocks that may follow one.
func (w *wayOut) next(b *ssa.BasicBlock) []*ssa.BasicBlock {
	br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return b.Succs
	}
	side := w.present(br.Cond)
	if side < 0 {
		side = w.known(br.Cond)
	}
	if side < 0 {
		return b.Succs
	}
	return b.Succs[side : side+1]
}

// over reports whether an instruction does the operation, or hands it on to somebody who may.
func (w *wayOut) over(instr ssa.Instruction) bool {
	if slices.Contains(w.ops, instr) || w.talks && w.tells(instr) {
		return true
	}
	for _, op := range instr.Operands(nil) {
		switch v := (*op).(type) {
		case *ssa.Function:
			if w.does[origin(v)] {
				return true
			}
		case *ssa.MakeClosure:
			if w.does[origin(v.Fn.(*ssa.Function))] {
				return true
			}
		}
	}
	if mc, ok := instr.(*ssa.MakeClosure); ok && w.does[origin(mc.Fn.(*ssa.Function))] {
		return true
	}
	call, ok := instr.(ssa.CallInstruction)
	return ok && slices.ContainsFunc(w.m.targets(call), func(fn *ssa.Function) bool { return w.does[fn] })
}

// tells reports whether an instruction may tell another goroutine something, other than by
// a value for who ranges over the channel.
func (w *wayOut) tells(instr ssa.Instruction) bool {
	switch v := instr.(type) {
	case *ssa.Send:
		return w.m.node(v.Chan) != w.c
	case *ssa.Select:
		return slices.ContainsFunc(v.States, func(st *ssa.SelectState) bool {
			return !w.c.Has(Send) || st.Dir == types.SendOnly && w.m.node(st.Chan) != w.c
		})
	case ssa.CallInstruction:
		c := v.Common()
		if b, ok := c.Value.(*ssa.Builtin); ok {
			return b.Name() == "close"
		}
		kind, ok := callKind(c)
		return c.StaticCallee() == nil && !isQuestion(v) || ok && (kind == Done || kind == Signal)
	}
	return false
}

// isQuestion reports whether a call of a method gives nothing and gets something, as that of Accept.
func isQuestion(call ssa.CallInstruction) bool {
	c, v := call.Common(), call.Value()
	return c.IsInvoke() && len(c.Args) == 0 && v != nil && len(*v.Referrers()) > 0
}

// known decides a condition that has been decided on every way to where the search began.
func (w *wayOut) known(cond ssa.Value) int {
	name, flip := w.m.condKey(cond)
	val, ok := w.facts[name]
	flag, not := cond, false
	if u, isNot := flag.(*ssa.UnOp); isNot && u.Op == token.NOT {
		flag, not = u.X, true
	}
	if phi, isPhi := flag.(*ssa.Phi); isPhi {
		if v, set := w.flags[phi]; set {
			val, ok, name, flip = v, true, "flag", not
		}
	}
	switch {
	case !ok || name == "":
		return -1
	case val != flip:
		return 0
	}
	return 1
}

// assume notes which conditions are decided when a block is come to.
func (w *wayOut) assume(b *ssa.BasicBlock) {
	w.facts = make(map[string]bool)
	for d := b.Idom(); d != nil; b, d = d, d.Idom() {
		br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		for i, to := range d.Succs {
			if len(to.Preds) == 1 && to.Dominates(b) {
				name, flip := w.m.condKey(br.Cond)
				w.facts[name] = (i == 0) != flip
			}
		}
	}
}

// enter notes which flags are set to what where the search begins, if it comes from another block.
func (w *wayOut) enter(from, to *ssa.BasicBlock) {
	w.flags = make(map[*ssa.Phi]bool)
	i := slices.Index(to.Preds, from)
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok || i < 0 {
			return
		}
		if c, ok := phi.Edges[i].(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Bool {
			w.flags[phi] = constant.BoolVal(c.Value)
		}
	}
}

// present returns the side of a condition on which the object is there, if that is what it
// is about, and otherwise -1.
func (w *wayOut) present(cond ssa.Value) int {
	if x, ok := cond.(*ssa.Extract); ok && w.from[x.Tuple] {
		return 0
	}
	cmp, ok := cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || !lazyssa.IsZero(cmp.Y) {
		return -1
	}
	mine := w.from[cmp.X]
	if length, ok := cmp.X.(*ssa.Call); ok && isLen(length) {
		mine = w.from[length.Call.Args[0]]
	}
	switch cmp.X.Type().Underlying().(type) {
	case *types.Chan:
		mine = mine || w.m.node(cmp.X) == w.c
	case *types.Pointer:
		mine = mine || isSync(pointee(cmp.X.Type()))
	}
	switch {
	case !mine:
		return -1
	case cmp.Op == token.EQL:
		return 1
	}
	return 0
}
