package syncmodel

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

type loopKind int

const (
	openLoop  loopKind = iota // ends on a condition that says nothing of how often it runs
	boundLoop                 // runs as often as a number that has a name
	rangeLoop                 // runs until a channel is closed
)

// A loop is a natural loop of a function.
type loop struct {
	header *ssa.BasicBlock
	body   map[*ssa.BasicBlock]bool
	outer  *loop
	kind   loopKind
	test   *ssa.If   // of a bound loop: decides whether it goes on
	pre    *ssa.If   // of a bound loop whose test comes last: the test before it
	exit   int       // successor of test that leaves the loop
	iv     ssa.Value // of a bound loop that counts: what its test compares
	bound  ssa.Value
	over   ssa.Value // of a loop over a map or string
	extra  int64     // to add to bound
	sym    string    // name of the bound, "" for a constant
}

// loopsOf returns the innermost loop of each block of a function that is in one.
func (m *Model) loopsOf(fn *ssa.Function) map[*ssa.BasicBlock]*loop {
	if in, ok := m.loops[fn]; ok {
		return in
	}
	in := make(map[*ssa.BasicBlock]*loop)
	m.loops[fn] = in
	heads := make(map[*ssa.BasicBlock]*loop)
	var all []*loop
	for _, b := range fn.Blocks {
		for _, h := range b.Succs {
			if !h.Dominates(b) {
				continue
			}
			l := heads[h]
			if l == nil {
				l = &loop{header: h, body: map[*ssa.BasicBlock]bool{h: true}}
				heads[h] = l
				all = append(all, l)
			}
			work := []*ssa.BasicBlock{b}
			for len(work) > 0 {
				x := work[len(work)-1]
				work = work[:len(work)-1]
				if !l.body[x] {
					l.body[x] = true
					work = append(work, x.Preds...)
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *loop) int { return len(b.body) - len(a.body) })
	for _, l := range all { // from the outside in
		l.outer = in[l.header]
		for b := range l.body {
			in[b] = l
		}
	}
	for _, l := range all {
		m.classify(l)
	}
	return in
}

// outermost returns the loop around a loop that no other is around.
func (l *loop) outermost() *loop {
	for l != nil && l.outer != nil {
		l = l.outer
	}
	return l
}

func (m *Model) classify(l *loop) {
	last := func(b *ssa.BasicBlock) *ssa.If {
		t, _ := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		return t
	}
	h := l.header
	if h.Comment == "rangechan.loop" || slices.ContainsFunc(h.Instrs, l.untilClosed) {
		l.kind = rangeLoop
		return
	}
	test := last(h)
	if h.Comment == "rangeint.body" {
		for _, p := range h.Preds {
			if l.body[p] {
				test = last(p)
			} else {
				l.pre = last(p)
			}
		}
		if l.pre == nil || len(h.Preds) != 2 {
			return
		}
	}
	if test == nil {
		return
	}
	succs := test.Block().Succs
	switch {
	case !l.body[succs[0]] && l.body[succs[1]]:
		l.exit = 0
	case l.body[succs[0]] && !l.body[succs[1]]:
		l.exit = 1
	default:
		return
	}
	if ex, ok := test.Cond.(*ssa.Extract); ok && ex.Index == 0 && l.exit == 1 {
		if next, ok := ex.Tuple.(*ssa.Next); ok {
			if r, ok := next.Iter.(*ssa.Range); ok {
				l.kind, l.test, l.over = boundLoop, test, r.X
				if l.sym = m.stableName(r.X, 8); l.sym == "" {
					l.kind = openLoop
				}
				l.sym = "len(" + l.sym + ")"
			}
		}
		return
	}
	cond, ok := test.Cond.(*ssa.BinOp)
	if !ok || l.exit != 1 {
		return
	}
	iv, bound := cond.X, cond.Y
	switch cond.Op {
	case token.LSS, token.NEQ:
	case token.LEQ:
		l.extra = 1
	case token.GTR:
		iv, bound = bound, iv
	case token.GEQ:
		iv, bound = bound, iv
		l.extra = 1
	default:
		return
	}
	start, ok := l.counts(iv)
	if !ok {
		return
	}
	l.extra -= start
	_, isConst := bound.(*ssa.Const)
	if _, fixed := fixedLen(bound); !isConst && !fixed {
		if l.sym = m.stableName(bound, 8); l.sym == "" {
			return
		}
	}
	l.kind, l.test, l.iv, l.bound = boundLoop, test, iv, bound
}

// ran reports whether a loop that runs as often as a number of that name is over when a
// block is come to.
func (m *Model) ran(sym string, b *ssa.BasicBlock) bool {
	for at, l := range m.loopsOf(b.Parent()) {
		if at == l.header && l.kind == boundLoop && l.sym == sym && l.extra >= 0 && !l.body[b] && at.Dominates(b) {
			return true
		}
	}
	return false
}

// counts reports whether v goes up by one on every round, and where it starts.
func (l *loop) counts(v ssa.Value) (start int64, ok bool) {
	if l.pre != nil {
		return 0, true // a range over an integer
	}
	if add, isAdd := v.(*ssa.BinOp); isAdd && add.Op == token.ADD && isInt(add.Y, 1) {
		start, ok = l.counts(add.X) // for range: tested after it went up
		return start + 1, ok
	}
	if load, isLoad := v.(*ssa.UnOp); isLoad && load.Op == token.MUL {
		phi, isPhi := load.X.(*ssa.Phi)
		if !isPhi || phi.Block() != l.header {
			return 0, false
		}
		for i, e := range phi.Edges { // a variable of its own for every round
			a, isAlloc := e.(*ssa.Alloc)
			if !isAlloc {
				return 0, false
			}
			inside := l.body[l.header.Preds[i]]
			good := false
			for _, ref := range *a.Referrers() {
				st, isStore := ref.(*ssa.Store)
				if !isStore || st.Addr != a {
					continue
				}
				if c, isConst := st.Val.(*ssa.Const); isConst && !inside && c.Value != nil && c.Value.Kind() == constant.Int {
					start, good = c.Int64(), true
				}
				if add, isAdd := st.Val.(*ssa.BinOp); isAdd && inside && add.Op == token.ADD && isInt(add.Y, 1) {
					good = true
				}
			}
			if !good {
				return 0, false
			}
		}
		return start, true
	}
	phi, isPhi := v.(*ssa.Phi)
	if !isPhi || phi.Block() != l.header {
		return 0, false
	}
	for i, e := range phi.Edges {
		if l.body[l.header.Preds[i]] {
			add, isAdd := e.(*ssa.BinOp)
			if !isAdd || add.Op != token.ADD || add.X != phi || !isInt(add.Y, 1) {
				return 0, false
			}
		} else if c, isConst := e.(*ssa.Const); isConst && c.Value != nil && c.Value.Kind() == constant.Int {
			start = c.Int64()
		} else {
			return 0, false
		}
	}
	return start, true
}

func isInt(v ssa.Value, n int64) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.Int && c.Int64() == n
}

// fixedLen returns the number of elements of a list that is written out, if v is its len.
func fixedLen(v ssa.Value) (n int, ok bool) {
	call, isCall := v.(*ssa.Call)
	if !isCall {
		return 0, false
	}
	if b, isBuiltin := call.Call.Value.(*ssa.Builtin); !isBuiltin || b.Name() != "len" {
		return 0, false
	}
	list, isSlice := call.Call.Args[0].(*ssa.Slice)
	if !isSlice || list.Low != nil || list.High != nil {
		return 0, false
	}
	ptr, isPtr := list.X.Type().Underlying().(*types.Pointer)
	if !isPtr {
		return 0, false
	}
	array, isArray := ptr.Elem().Underlying().(*types.Array)
	if !isArray {
		return 0, false
	}
	return int(array.Len()), true
}

// trips returns how often a bound loop runs.
func (e *explorer) trips(l *loop) (int, bool) {
	n := e.many
	if l.over == nil {
		k, _, ok := e.number(l.bound, 6)
		if !ok {
			return 0, false
		}
		n = k + int(l.extra)
	}
	if n > maxTrips {
		return 0, false
	}
	return max(n, 0), true
}

// number evaluates an integer; sym is the name of the number that it depends on,
// which stands for "more than one".
func (e *explorer) number(v ssa.Value, depth int) (n int, sym string, ok bool) {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil || v.Value.Kind() != constant.Int {
			return 0, "", false
		}
		k, exact := constant.Int64Val(v.Value)
		return int(k), "", exact
	case *ssa.Convert:
		if depth > 0 {
			return e.number(v.X, depth-1)
		}
	case *ssa.Call:
		if n, ok := fixedLen(v); ok {
			return n, "", true
		}
	case *ssa.BinOp:
		if depth > 0 && (v.Op == token.ADD || v.Op == token.SUB) {
			x, s1, ok1 := e.number(v.X, depth-1)
			y, s2, ok2 := e.number(v.Y, depth-1)
			if !ok1 || !ok2 {
				return 0, "", false
			}
			if s1 != "" && s2 != "" {
				break // a number of its own
			}
			if v.Op == token.SUB {
				y = -y
			}
			return x + y, s1 + s2, true
		}
	}
	if s := e.m.stableName(v, 8); s != "" {
		return e.many, s, true
	}
	return 0, "", false
}
