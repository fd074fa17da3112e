package syncmodel

import (
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Need is an answer to the question whether a goroutine must have a lock before it can
// come to an operation.
type Need int

// The answers.
const (
	NotNeeded  Need = iota
	MayNeed         // on some way, or a lock of the same field that may be another object's
	SurelyNeed      // it holds it there, or takes it before, in every round if there are rounds
)

// A LockedPartner is an operation that another waits for, with what it needs a lock for.
type LockedPartner struct {
	Op    *Op
	Takes ssa.Instruction // where its goroutine takes the lock; nil if it holds it all along
	Need  Need
}

// Needs tells for each partner of a blocked operation whether its goroutine needs the lock
// first. It returns nil if one of them does not.
func (l *Locks) Needs(b *BlockEvent, h Hold, op *Op, partners []*Op) []LockedPartner {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	n := &needs{l: l, starts: l.startersOf(b.Fn), lock: h.Lock, read: h.Read, relation: relation(h.Lock, l.placeIn(b, op))}
	if op.Kind == Wait { // who is not counted yet, is not waited for
		for _, x := range l.classOf[op].ops {
			if x.Kind == Add {
				n.counted = append(n.counted, x.Instr)
			}
		}
	}
	ps := make([]LockedPartner, 0, len(partners))
	for _, p := range partners {
		n.takes, n.steps = nil, 0
		need := n.before(p.Instr, p.Fn, l.place(p.Object), make(map[*ssa.Function]bool))
		ps = append(ps, LockedPartner{p, n.takes, need})
	}
	return ps
}

// placeIn names the object of an operation in the function that holds the lock; nil if it
// has no name there.
func (l *Locks) placeIn(b *BlockEvent, op *Op) *Place {
	p := l.place(op.Object)
	for _, call := range slices.Backward(b.Chain) {
		fns := l.callees(call)
		if len(fns) != 1 || p == nil {
			return nil
		}
		p = l.translate(p, fns[0], call)
	}
	return p
}

// relation tells how two places are related that begin alike; "" if they do not.
func relation(a, b *Place) string {
	if a == nil || b == nil {
		return ""
	}
	if a.root != b.root {
		if isFixed(a.root) && isFixed(b.root) {
			return "fixed"
		}
		return ""
	}
	i := 0
	for i < len(a.path) && i < len(b.path) && a.path[i] == b.path[i] {
		i++
	}
	key := "same"
	for _, f := range a.path[i:] {
		key += fmt.Sprintf(" %p", f)
	}
	key += " and"
	for _, f := range b.path[i:] {
		key += fmt.Sprintf(" %p", f)
	}
	return key
}

// isFixed reports whether a value is the same in all functions that know it: a package
// variable, or a local one of a function around them.
func isFixed(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Global, *ssa.Alloc, *ssa.MakeChan:
		return true
	}
	return false
}

// Related tells how two locks of one function are related; see [relation].
func Related(a, b *Place) string { return relation(a, b) }

// countedIn reports whether a function tells the wait group of the goroutine.
func (n *needs) countedIn(fn *ssa.Function) bool {
	return slices.ContainsFunc(n.counted, func(add ssa.Instruction) bool { return add.Parent() == fn })
}

// isCounted reports whether the goroutine has been counted when it comes to an instruction.
func (n *needs) isCounted(at ssa.Instruction) bool {
	return slices.ContainsFunc(n.counted, func(add ssa.Instruction) bool { return add.Parent() == at.Parent() && reaches(add, at) })
}

// bornAfter reports whether the object is known only after what happens at an instruction,
// so that nobody can wait for it yet.
func bornAfter(ch *Place, at ssa.Instruction) bool {
	if ch == nil {
		return false
	}
	root := ch.root
	if x, ok := root.(*ssa.Extract); ok {
		root = x.Tuple
	}
	r, ok := root.(ssa.Instruction)
	return ok && r.Parent() == at.Parent() && (r == at || precedes(at, r)) && !inCycle(at.Block())
}

type needs struct {
	l        *Locks
	lock     *Place
	read     bool
	relation string
	counted  []ssa.Instruction // of a wait group: where Add is called
	starts   []ssa.Instruction // go statements that the blocked goroutine may begin with
	takes    ssa.Instruction
	steps    int
}

// startersOf returns the go statements that lead to a function.
func (l *Locks) startersOf(fn *ssa.Function) (gos []ssa.Instruction) {
	for f := range l.starts(fn) {
		for _, site := range l.m.sites[f] {
			if _, isGo := site.(*ssa.Go); isGo {
				gos = append(gos, site)
			}
		}
	}
	return gos
}

// tooEarly reports whether what happens at an instruction is over before the blocked
// goroutine begins.
func (n *needs) tooEarly(at ssa.Instruction) bool {
	return slices.ContainsFunc(n.starts, func(g ssa.Instruction) bool {
		return g.Parent() == at.Parent() && !reaches(g, at)
	})
}

// maxNeedSteps bounds the functions that one question looks at.
const maxNeedSteps = 200

// before tells whether who comes to an instruction of fn needs the lock first.
func (n *needs) before(at ssa.Instruction, fn *ssa.Function, ch *Place, seen map[*ssa.Function]bool) Need {
	if n.steps++; n.steps > maxNeedSteps || seen[fn] {
		return NotNeeded
	}
	seen[fn] = true
	defer delete(seen, fn)
	best := NotNeeded
	// Held there?
	for _, h := range n.l.heldAt[at] {
		if k := n.same(h.Lock, ch); k > best && !(h.Read && n.read) {
			best = k
			if n.takes == nil {
				n.takes = h.At
			}
		}
	}
	// Taken on the way?
	if best < SurelyNeed {
		for _, a := range n.l.takenIn(fn) {
			if a.class != n.lock.Class() || a.read && n.read || a.instr == at && !inCycle(at.Block()) {
				continue
			}
			if !reaches(a.instr, at) || n.tooEarly(a.instr) || n.countedIn(fn) && !n.isCounted(a.instr) || bornAfter(ch, a.instr) {
				continue
			}
			k := MayNeed
			if a.lock != nil {
				k = n.same(a.lock, ch)
			}
			// In rounds, or always before: otherwise it may be past that.
			if !(inCycle(a.instr.Block()) || a.always && precedes(a.instr, at)) || a.weak {
				k = min(k, MayNeed)
			}
			if k > best {
				best = k
				n.takes = a.at
			}
		}
	}
	if best == SurelyNeed || n.countedIn(fn) {
		return best
	}
	if n.l.loose[fn] && !n.l.goes[fn] || n.l.m.named(fn.Object()) {
		return best
	}
	sites := n.l.m.sites[fn]
	if len(sites) == 0 {
		return best
	}
	worst := SurelyNeed
	for _, site := range sites {
		if _, isGo := site.(*ssa.Go); isGo {
			return best // that is where the goroutine begins
		}
		var up *Place
		if ch != nil {
			up = n.l.translate(ch, fn, site)
		}
		worst = min(worst, n.before(site, site.Parent(), up, seen))
	}
	return max(best, worst)
}

// same tells whether a lock is the one that is asked for, seen from the object.
func (n *needs) same(lock, ch *Place) Need {
	if lock.Class() != n.lock.Class() || lock.Class() == nil {
		return NotNeeded
	}
	if n.relation != "" && relation(lock, ch) == n.relation {
		return SurelyNeed
	}
	if isFixed(lock.root) && len(lock.path) == 0 && lock == n.lock {
		return SurelyNeed
	}
	return MayNeed
}

// taking is a place in a function where a lock is taken, by itself or by a callee.
type taking struct {
	instr  ssa.Instruction // in the function
	at     ssa.Instruction // the Lock
	lock   *Place
	class  any
	read   bool
	weak   bool
	always bool // not only on some paths of the callee
}

// takenIn returns where a function takes locks.
func (l *Locks) takenIn(fn *ssa.Function) []taking {
	if ts, ok := l.takings[fn]; ok {
		return ts
	}
	var ts []taking
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if _, isGo := instr.(*ssa.Go); !ok || isGo {
				continue
			}
			if _, isDefer := instr.(*ssa.Defer); isDefer {
				continue
			}
			if op, p := l.lockCall(call.Common()); op == takeLock || op == takeRead {
				ts = append(ts, taking{call, call, p, p.Class(), op == takeRead, false, true})
				continue
			}
			fns := l.callees(call)
			for _, f := range fns {
				sum := l.sums[f]
				if sum == nil {
					continue
				}
				for _, a := range sum.acquires {
					t := taking{call, a.at, nil, a.class, a.read, a.weak || len(fns) > 1, len(a.chain) == 0 && a.at.Block().Index == 0}
					if a.lock != nil {
						if t.lock = l.translate(a.lock, f, call); t.lock != nil {
							t.class = t.lock.Class()
						}
					}
					ts = append(ts, t)
				}
			}
		}
	}
	l.takings[fn] = ts
	return ts
}

func indexIn(instr ssa.Instruction) int { return slices.Index(instr.Block().Instrs, instr) }

// precedes reports whether a is on every way to b.
func precedes(a, b ssa.Instruction) bool {
	if _, isDefer := b.(*ssa.Defer); isDefer { // runs at the end
		for _, end := range a.Parent().Blocks {
			if _, ok := end.Instrs[len(end.Instrs)-1].(*ssa.Return); ok && end != a.Parent().Recover && !a.Block().Dominates(end) {
				return false
			}
		}
		return true
	}
	if a.Block() == b.Block() {
		return indexIn(a) < indexIn(b)
	}
	return a.Block().Dominates(b.Block())
}

// reaches reports whether a way leads from a to b. A deferred call is made at the end.
func reaches(a, b ssa.Instruction) bool {
	if _, isDefer := b.(*ssa.Defer); isDefer {
		return true
	}
	if a.Block() == b.Block() && indexIn(a) < indexIn(b) {
		return true
	}
	return leads(a.Block(), b.Block())
}

func inCycle(b *ssa.BasicBlock) bool { return leads(b, b) }

// leads reports whether a way of one step or more leads from a to b.
func leads(a, b *ssa.BasicBlock) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	work := slices.Clone(a.Succs)
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if x == b {
			return true
		}
		if !seen[x] {
			seen[x] = true
			work = append(work, x.Succs...)
		}
	}
	return false
}

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
	first := b.at
	if len(b.chain) > 0 {
		first = b.chain[0]
	}
	w.sum.wait(waiting{b.at, b.chain, slices.Clone(s.gone), b.weak, b.state || !isCondWait(first) && stateGuarded(first, nil)})
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
		ev.Guarded = append(ev.Guarded, !isCondWait(first) && stateGuarded(first, h.At))
	}
	w.blocked = append(w.blocked, ev)
}

// blockIn notes what a callee blocks at.
func (w *lockWalk) blockIn(s *lockState, call ssa.CallInstruction, fn *ssa.Function, weak bool) {
	sum := w.l.sums[fn]
	if sum == nil {
		return
	}
	for _, b := range sum.waits {
		c := waiting{at: b.at, chain: append([]ssa.CallInstruction{call}, b.chain...), weak: b.weak || weak, state: b.state}
		for _, p := range b.gone {
			if q := w.l.translate(p, fn, call); q != nil {
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
// what the two sides know of each other.
func stateGuarded(at, after ssa.Instruction) bool {
	b := at.Block()
	for d := b.Idom(); d != nil; b, d = d, d.Idom() {
		if after != nil && (after.Block() != d && !after.Block().Dominates(d)) {
			return false
		}
		br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || !isState(br.Cond) {
			continue
		}
		for _, to := range d.Succs {
			if len(to.Preds) == 1 && to.Dominates(b) {
				return true
			}
		}
	}
	return false
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

// entry returns the classes of locks that every caller of a function holds.
func (l *Locks) entry(fn *ssa.Function, depth int) []any {
	if depth == 0 || l.loose[fn] || l.m.named(fn.Object()) || len(l.m.sites[fn]) == 0 {
		return nil
	}
	var all []any
	for i, site := range l.m.sites[fn] {
		if _, isGo := site.(*ssa.Go); isGo {
			return nil
		}
		var here []any
		for _, h := range l.heldAt[site] {
			here = append(here, h.Lock.Class())
		}
		here = append(here, l.entry(site.Parent(), depth-1)...)
		if i == 0 {
			all = here
			continue
		}
		all = slices.DeleteFunc(all, func(c any) bool { return !slices.Contains(here, c) })
	}
	return all
}

// Entry returns the classes of locks that every caller of a function holds.
func (l *Locks) Entry(fn *ssa.Function) []any {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	return l.entry(fn, 4)
}

// Concurrent reports whether two functions may run at the same time in two goroutines.
func (l *Locks) Concurrent(f, g *ssa.Function) bool {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	a, b := l.starts(f), l.starts(g)
	for x := range a {
		for y := range b {
			if x != y || a[x] {
				return true
			}
		}
	}
	return false
}

// starts returns the functions that a goroutine begins with, or a caller from outside, which
// lead to f; with whether there may be several at once.
func (l *Locks) starts(f *ssa.Function) map[*ssa.Function]bool {
	roots := make(map[*ssa.Function]bool)
	seen := make(map[*ssa.Function]bool)
	work := []*ssa.Function{f}
	for len(work) > 0 && len(seen) < maxNeedSteps {
		f := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[f] {
			continue
		}
		seen[f] = true
		if l.loose[f] || l.m.named(f.Object()) {
			roots[f] = true
		}
		n := 0
		for _, site := range l.m.sites[f] {
			if _, isGo := site.(*ssa.Go); !isGo {
				work = append(work, site.Parent())
				n++
			}
		}
		if n == 0 && !roots[f] {
			roots[f] = false // main, a test, or nobody
		}
	}
	return roots
}
