package syncmodel

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
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
	Op     *Op
	Takes  ssa.Instruction // where its goroutine takes the lock; nil if it holds it all along
	Need   Need
	Leaves bool // it needs the lock when it is done with the operation for good
}

// Needs tells for each partner of a blocked operation whether its goroutine needs the lock
// first. It returns nil if one of them does not.
func (l *Locks) Needs(b *BlockEvent, h Hold, op *Op, partners []*Op) []LockedPartner {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	n := &needs{l: l, starts: l.startersOf(b.Fn), lock: h.Lock, read: h.Read, relation: relation(h.Lock, l.placeIn(b, op))}
	where := l.place
	if n.relation == "" && len(b.Chain) == 0 { // a channel that the object has among others
		if p := l.container(op.Object); p != nil {
			n.relation, where = relation(h.Lock, p), l.containerOf
		}
	}
	if op.Kind == Wait { // who is not counted yet, is not waited for
		for _, x := range l.classOf[op].ops {
			if x.Kind == Add {
				n.counted = append(n.counted, x.Instr)
			}
		}
	}
	n.known = l.knownTo(b.Fn, h.Lock, l.placeIn(b, op))
	n.in = l.heldIn(h.Lock, l.placeIn(b, op))
	n.blocked = []*ssa.Function{b.Fn, b.At.Parent()}
	n.holder = l.startedHolding(h, op)
	ps := make([]LockedPartner, 0, len(partners))
	for _, p := range partners {
		n.takes, n.steps = nil, 0
		need, fn, ends, ch := SurelyNeed, p.Fn, []ssa.Instruction{p.Instr}, where(p.Object)
		if p.Starts() { // it is done when its function returns
			var act *activation
			if act, ends = l.m.goneWith(p); act != nil {
				fn, ch = act.fn, l.within(act, ch)
			}
		}
		for _, at := range ends {
			need = min(need, n.before(at, fn, ch, make(map[*ssa.Function]bool)))
		}
		if len(ends) == 0 {
			need = NotNeeded
		}
		leaves := need == NotNeeded && op.Kind == Send && n.leaving(p, ch)
		if leaves {
			need = SurelyNeed
		}
		ps = append(ps, LockedPartner{p, n.takes, need, leaves})
	}
	return ps
}

// Starts reports whether the operation starts the goroutine whose end it stands for.
func (op *Op) Starts() bool {
	call, ok := op.Instr.(*ssa.Call)
	return ok && op.Kind == Done && slices.Contains([]string{"Go", "TryGo"}, call.Call.StaticCallee().Name())
}

// goneWith returns the goroutine that an operation starts, if it is known, with the returns of
// its function.
func (m *Model) goneWith(op *Op) (act *activation, rets []ssa.Instruction) {
	act = m.startedBy(op.Instr.(ssa.CallInstruction), &activation{fn: op.Fn})
	if act == nil {
		return nil, nil
	}
	for _, b := range act.fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && b != act.fn.Recover {
			rets = append(rets, ret)
		}
	}
	return act, rets
}

// within names a place of who starts a goroutine as its function does: by the argument that
// leads to it, if one does.
func (l *Locks) within(act *activation, p *Place) *Place {
	if p == nil || len(act.args) != len(act.fn.Params) {
		return p
	}
	for i, arg := range act.args {
		base := l.place(arg)
		if base.root == p.root && len(base.path) <= len(p.path) && slices.Equal(base.path, p.path[:len(base.path)]) {
			return l.intern(act.fn.Params[i], p.path[len(base.path):], p.owner)
		}
	}
	return p
}

// startedHolding returns the function that holds a lock, if it has counted all goroutines of
// a wait group that it waits for since it took the lock: none of them has had it.
func (l *Locks) startedHolding(h Hold, op *Op) *ssa.Function {
	if op.Kind != Wait {
		return nil
	}
	for _, x := range l.classOf[op].ops {
		if (x.Kind == Add || x.Starts()) && (x.Fn != h.At.Parent() || x.Object != op.Object || !precedes(h.At, x.Instr)) {
			return nil
		}
	}
	return h.At.Parent()
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

// container returns the place of the container that a value is put into, or taken out of;
// nil if there is none.
func (l *Locks) container(v ssa.Value) *Place {
	switch x := v.(type) {
	case *ssa.Extract:
		if look, ok := x.Tuple.(*ssa.Lookup); ok && x.Index == 0 {
			return l.place(look.X)
		}
	case *ssa.Lookup:
		return l.place(x.X)
	case *ssa.UnOp:
		if at, ok := x.X.(*ssa.IndexAddr); ok {
			return l.place(at.X)
		}
	case *ssa.MakeChan:
		for _, ref := range *x.Referrers() {
			switch ref := ref.(type) {
			case *ssa.MapUpdate:
				if ref.Value == x {
					return l.place(ref.Map)
				}
			case *ssa.Store:
				if at, ok := ref.Addr.(*ssa.IndexAddr); ok && ref.Val == x {
					return l.place(at.X)
				}
			}
		}
	}
	return nil
}

// containerOf is container for values that have one, and place for others.
func (l *Locks) containerOf(v ssa.Value) *Place {
	if p := l.container(v); p != nil {
		return p
	}
	return l.place(v)
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
	var k key
	for _, path := range [][]*types.Var{a.path[i:], b.path[i:]} {
		k.number(len(path))
		for _, f := range path {
			k.field(f)
		}
	}
	return string(k)
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

// countedHolding reports whether the goroutine has been counted, if it has when it comes to an
// instruction, since it holds the lock that it holds there: who has the lock finds it not counted.
func (n *needs) countedHolding(h Hold, at ssa.Instruction) bool {
	return n.isCounted(at) && !slices.ContainsFunc(n.counted, func(add ssa.Instruction) bool {
		return add.Parent() == at.Parent() && reaches(add, at) && !slices.ContainsFunc(n.l.heldAt[add], func(x Hold) bool {
			return x.Lock == h.Lock && x.At == h.At && precedes(h.At, add)
		})
	})
}

// bornAfter reports whether the object is known only after what happens at an instruction,
// so that nobody can wait for it yet.
func (l *Locks) bornAfter(ch *Place, at ssa.Instruction) bool {
	if ch == nil {
		return false
	}
	root, result := ch.root, 0
	if x, ok := root.(*ssa.Extract); ok {
		root, result = x.Tuple, x.Index
	}
	r, ok := root.(ssa.Instruction)
	if !ok || r.Parent() != at.Parent() || r != at && !precedes(at, r) || inCycle(at.Block()) {
		return false
	}
	switch r := r.(type) {
	case *ssa.Lookup, *ssa.Next:
		return false
	case *ssa.Call:
		return !l.finds(r, result)
	}
	return true
}

// finds reports whether a result of a function of the package may be an element of a map or list: others
// may know it.
func (l *Locks) finds(call *ssa.Call, result int) bool {
	fn := call.Call.StaticCallee()
	if fn == nil || !l.m.inside(fn) {
		return false
	}
	for _, b := range origin(fn).Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if ok && result < len(ret.Results) && lazyssa.Mentions(ret.Results[result], 3, isElement) {
			return true
		}
	}
	return false
}

// isElement reports whether a value has been looked up.
func isElement(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Lookup, *ssa.Next:
		return true
	case *ssa.UnOp:
		_, ok := v.X.(*ssa.IndexAddr)
		return ok && v.Op == token.MUL
	}
	return false
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
	known    map[*ssa.Function][2]*Place // see [Locks.knownTo]
	in       *types.Var                  // the field of the locked object that the object waited for is an element of; or nil
	indirect bool                        // asked of somebody that the partner waits for
	blocked  []*ssa.Function             // that the blocked goroutine is in
	holder   *ssa.Function               // if not nil, it has started all partners since it holds the lock
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
	for _, h := range n.l.heldAt[at] {
		if k := n.same(h.Lock, ch, fn); k > best && !(h.Read && n.read) && !n.countedHolding(h, at) {
			best = k
			if n.takes == nil {
				n.takes = h.At
			}
		}
	}
	if best < SurelyNeed {
		for _, a := range n.l.takenIn(fn) {
			if k := n.onTheWay(a, at, fn, ch); k > best {
				best = k
				n.takes = a.at
			}
		}
	}
	if best == NotNeeded {
		best = n.waitsFor(at, fn, seen)
	}
	if best == SurelyNeed || n.countedIn(fn) {
		return best
	}
	return max(best, n.beforeCalls(fn, ch, seen))
}

// onTheWay tells whether the lock is taken at a place in fn before an instruction is come to.
func (n *needs) onTheWay(a taking, at ssa.Instruction, fn *ssa.Function, ch *Place) Need {
	if a.class != n.lock.Class() || a.read && n.read || a.instr == at && !inCycle(at.Block()) || !inTime(a.instr, at) {
		return NotNeeded
	}
	if !reaches(a.instr, at) || n.tooEarly(a.instr) || n.countedIn(fn) && !n.isCounted(a.instr) || n.l.bornAfter(ch, a.instr) {
		return NotNeeded
	}
	late := n.holder != nil && !a.asked && !decided(a.instr)
	// In rounds, or always before: otherwise it may be past that.
	if !(late || inCycle(a.instr.Block()) || a.always && (precedes(a.instr, at) || unlessFailed(a.instr, at))) || a.weak {
		return MayNeed
	}
	if late && n.holders(a.lock, fn) || a.lock != nil && n.given(a.lock, fn) {
		return SurelyNeed
	}
	if a.lock == nil {
		return MayNeed
	}
	return n.same(a.lock, ch, fn)
}

// inTime reports whether a call is not deferred, or made before another one that is: those that are
// deferred last are made first.
func inTime(call, at ssa.Instruction) bool {
	if _, isDefer := call.(*ssa.Defer); !isDefer {
		return true
	}
	_, isDefer := at.(*ssa.Defer)
	return isDefer && call != at && (call.Block() == at.Block() && indexIn(at) < indexIn(call) || call.Block() != at.Block() && lazyssa.Reaches(at.Block(), call.Block()))
}

// beforeCalls tells whether all who call fn need the lock first.
func (n *needs) beforeCalls(fn *ssa.Function, ch *Place, seen map[*ssa.Function]bool) Need {
	sites := n.l.m.sites[fn]
	if len(sites) == 0 || n.l.loose[fn] && !n.l.goes[fn] || n.l.m.named(fn.Object()) {
		return NotNeeded
	}
	worst := SurelyNeed
	for _, site := range sites {
		if _, isGo := site.(*ssa.Go); isGo {
			return NotNeeded // that is where the goroutine begins
		}
		var up *Place
		if ch != nil {
			up = n.l.translate(ch, fn, site)
		}
		worst = min(worst, n.before(site, site.Parent(), up, seen))
	}
	return worst
}

// leaving reports whether the only receiver, which goes round in a loop, needs the lock behind the loop that it
// leaves before the channel is closed.
func (n *needs) leaving(op *Op, ch *Place) bool {
	after := op.Instr
	if op.Kind == Range {
		if len(op.Instr.Block().Succs) != 2 {
			return false
		}
		after = op.Instr.Block().Succs[0].Instrs[0]
	}
	if !inCycle(op.Instr.Block()) || slices.ContainsFunc(n.l.classOf[op].ops, func(x *Op) bool {
		return x != op && (x.Kind == Recv || x.Kind == Range)
	}) {
		return false
	}
	for _, a := range n.l.takenIn(op.Fn) {
		if a.class != n.lock.Class() || a.read && n.read || a.weak || !a.always || a.lock == nil || n.same(a.lock, ch, op.Fn) != SurelyNeed || !inTime(a.instr, after) {
			continue
		}
		if a.instr.Block() == after.Block() && indexIn(a.instr) < indexIn(after) || reaches(a.instr, op.Instr) || !reaches(after, a.instr) {
			continue
		}
		if op.Kind == Range && op.Instr.Block().Succs[1].Dominates(a.instr.Block()) {
			continue // nothing is sent any more
		}
		n.takes = a.at
		return true
	}
	return false
}

// unlessFailed reports whether an instruction is executed before another one unless a call has failed.
func unlessFailed(a, b ssa.Instruction) bool {
	if !reaches(a, b) {
		return false
	}
	both := make(map[ssa.Value]bool)
	for cond := range lazyssa.Conditions(b.Block()) {
		both[cond] = true
	}
	well := false
	for cond, is := range lazyssa.Conditions(a.Block()) {
		if both[cond] {
			continue
		}
		if !aboutError(cond) || is != (cond.(*ssa.BinOp).Op == token.EQL) {
			return false
		}
		switch cond.(*ssa.BinOp).X.(type) {
		case *ssa.Call, *ssa.Extract:
			well = true
		default:
			return false
		}
	}
	return well
}

// waitsFor tells whether who comes to an instruction waits before it for others, all of
// whom need the lock: they may have had it already.
func (n *needs) waitsFor(at ssa.Instruction, fn *ssa.Function, seen map[*ssa.Function]bool) Need {
	if n.indirect {
		return NotNeeded
	}
	n.indirect = true
	defer func() { n.indirect = false }()
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			ops := n.l.ops[instr]
			if len(ops) != 1 || !ops[0].Bare() || instr == at || !precedes(instr, at) {
				continue
			}
			c := n.l.classOf[ops[0]]
			if c.outside != 0 || ops[0].Kind != Recv && ops[0].Kind != Range {
				continue
			}
			partners, all := 0, true
			for _, p := range c.ops {
				if p.Kind == Send || p.Kind == Close {
					partners++
					all = all && p.Fn != fn && !slices.Contains(n.blocked, p.Fn) && n.before(p.Instr, p.Fn, n.l.place(p.Object), seen) != NotNeeded
				}
			}
			if all && partners > 0 {
				return MayNeed
			}
		}
	}
	return NotNeeded
}

// same tells whether a lock of a function is the one that is asked for, seen from the object.
func (n *needs) same(lock, ch *Place, fn *ssa.Function) Need {
	if lock.Class() != n.lock.Class() || lock.Class() == nil {
		return NotNeeded
	}
	if n.alike(lock, ch, fn, 3) {
		return SurelyNeed
	}
	if isFixed(lock.root) && len(lock.path) == 0 && lock == n.lock || n.l.m.lone(lock.owner) {
		return SurelyNeed
	}
	return MayNeed
}

// alike reports whether a lock of a function is to an object what the one that is held is to that which is
// waited for, or both are the same: there, or for all who call the function or start its goroutine.
func (n *needs) alike(lock, ch *Place, fn *ssa.Function, depth int) bool {
	if lock == nil || ch == nil {
		return false
	}
	if n.relation != "" && relation(lock, ch) == n.relation || n.known[fn] == [2]*Place{lock, ch} || n.ofHome(lock, ch) {
		return true
	}
	sites := n.l.m.sites[fn]
	if depth == 0 || len(sites) == 0 || n.l.loose[fn] && !n.l.goes[fn] || n.l.m.named(fn.Object()) {
		return false
	}
	return !slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool {
		return !n.alike(n.l.translate(lock, fn, site), n.l.translate(ch, fn, site), site.Parent(), depth-1)
	})
}

// heldIn returns the field of the object whose lock is held that another one has been taken out of, or nil.
func (l *Locks) heldIn(lock, element *Place) *types.Var {
	if element == nil {
		return nil
	}
	from, in := takenFrom(element.root, pointee(lock.root.Type()))
	if from == nil || l.place(from) != l.intern(lock.root, nil, nil) {
		return nil
	}
	return in
}

// ofHome reports whether a lock is to the object that an element points back to what the one that is held
// is to the object which the element waited for is in.
func (n *needs) ofHome(lock, ch *Place) bool {
	if n.in == nil || lock.root != ch.root {
		return false
	}
	back, rest := pointerStep(lock.path)
	return back != nil && slices.Equal(rest, n.lock.path) && !n.l.moved[back] && n.l.comesBack(back, n.in)
}

// knownTo returns what the callers of a function, as long as there is one, call the lock that it holds and the
// object that it waits for: those that they are given, or make once.
func (l *Locks) knownTo(fn *ssa.Function, lock, ch *Place) map[*ssa.Function][2]*Place {
	known := make(map[*ssa.Function][2]*Place)
	seen := make(map[*ssa.Function]bool) // a function that calls only itself has one caller, too
	for lock != nil && ch != nil && !seen[fn] {
		seen[fn] = true
		if oneOf(fn, lock.root) && oneOf(fn, ch.root) {
			known[fn] = [2]*Place{lock, ch}
		}
		sites := l.m.sites[fn]
		if len(sites) != 1 {
			break
		}
		lock, ch, fn = l.translate(lock, fn, sites[0]), l.translate(ch, fn, sites[0]), sites[0].Parent()
	}
	return known
}

// oneOf reports whether a function is given a value, or computes it once.
func oneOf(fn *ssa.Function, v ssa.Value) bool {
	instr, ok := v.(ssa.Instruction)
	_, isParam := v.(*ssa.Parameter)
	return v.Parent() == fn && (isParam || ok && !inCycle(instr.Block()))
}

// holders reports whether a lock that the function of a partner takes is the one that is held
// by who has started it.
func (n *needs) holders(lock *Place, fn *ssa.Function) bool {
	if lock == nil || lock == n.lock {
		return lock != nil
	}
	return slices.ContainsFunc(n.l.m.sites[fn], func(site ssa.CallInstruction) bool {
		_, isGo := site.(*ssa.Go)
		return isGo && site.Parent() == n.holder && n.l.translate(lock, fn, site) == n.lock
	})
}

// given reports whether a lock is that of the object which the blocked function has given to the goroutine
// of a function that nobody else starts.
func (n *needs) given(lock *Place, fn *ssa.Function) bool {
	sites := n.l.m.sites[fn]
	return len(sites) > 0 && !slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool {
		_, isGo := site.(*ssa.Go)
		return !isGo || site.Parent() != n.blocked[0] || n.l.translate(lock, fn, site) != n.lock
	})
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
	asked  bool // the callee decides on its arguments, or on what others set, whether to take it
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
			if op, p := l.lockCall(call.Common()); op == takeLock || op == takeRead {
				ts = append(ts, taking{call, call, p, p.Class(), op == takeRead, false, true, false})
				continue
			}
			fns := l.callees(call)
			for _, f := range fns {
				sum := l.sums[f]
				if sum == nil {
					continue
				}
				for _, a := range sum.acquires {
					t := taking{call, a.at, nil, a.class, a.read, a.weak || len(fns) > 1, len(a.chain) == 0 && a.at.Block().Index == 0, a.state || a.given || len(a.conds) > 0 || decided(a.at)}
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
