package syncmodel

import (
	"encoding/binary"
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// lockState is how far one way through a function has come.
type lockState struct {
	block  *ssa.BasicBlock
	idx    int
	held   []Hold
	gone   []*Place // released, and not taken here: the caller's
	unsure []*Place // may be held or not
	defers []*ssa.Defer
	own    []*Place   // unsure, but taken here: no business of the caller
	lent   []lent     // what a callee may have taken for the caller
	facts  []lockFact // sorted
	fuzzy  []any      // classes of which a lock was released under another name
}

// lent is a lock that a call may return with.
type lent struct {
	lock *Place
	by   *ssa.Function
}

// lockFact is the truth of a condition.
type lockFact struct {
	atom int
	val  bool
}

func (s *lockState) clone() *lockState {
	t := *s
	t.held = slices.Clone(s.held)
	t.gone = slices.Clone(s.gone)
	t.unsure = slices.Clone(s.unsure)
	t.own = slices.Clone(s.own)
	t.lent = slices.Clone(s.lent)
	t.defers = slices.Clone(s.defers)
	t.facts = slices.Clone(s.facts)
	t.fuzzy = slices.Clone(s.fuzzy)
	return &t
}

func (s *lockState) key(k key) (digest, key) {
	k = k[:0]
	k.number(s.block.Index)
	k.number(s.idx)
	for _, h := range s.held {
		k.number(h.lock())
		k.flag(h.Read)
		k.flag(h.Round)
		k.flag(h.stale)
		k.pointer(h.At)
	}
	k.number(-1)
	for _, p := range s.gone {
		k.number(p.id)
	}
	k.number(-1)
	for _, p := range s.unsure {
		k.number(p.id)
	}
	k.number(-1)
	for _, d := range s.defers {
		k.pointer(d)
	}
	k.number(-1)
	for _, f := range s.facts {
		k = binary.AppendVarint(k, int64(f.atom))
		k.flag(f.val)
	}
	k.number(len(s.fuzzy))
	k.number(len(s.own))
	k.number(len(s.lent))
	return k.digest(), k
}

func (h *Hold) lock() int { return h.Lock.id }

func (s *lockState) fact(atom int) (val, known bool) {
	i, ok := slices.BinarySearchFunc(s.facts, atom, func(f lockFact, a int) int { return f.atom - a })
	if !ok {
		return false, false
	}
	return s.facts[i].val, true
}

func (s *lockState) setFact(atom int, val bool) {
	i, ok := slices.BinarySearchFunc(s.facts, atom, func(f lockFact, a int) int { return f.atom - a })
	if ok {
		s.facts[i].val = val
	} else {
		s.facts = slices.Insert(s.facts, i, lockFact{atom, val})
	}
}

func (s *lockState) dropFact(atom int) {
	s.facts = slices.DeleteFunc(s.facts, func(f lockFact) bool { return f.atom == atom })
}

// holds returns the hold of a lock, or nil.
func (s *lockState) holds(p *Place) *Hold {
	for i := range s.held {
		if h := &s.held[i]; h.Lock == p && !h.stale {
			return h
		}
	}
	return nil
}

func (s *lockState) blur(p *Place) {
	if s.holds(p) != nil && !slices.Contains(s.own, p) {
		s.own = append(s.own, p)
	}
	s.held = slices.DeleteFunc(s.held, func(h Hold) bool { return h.Lock == p })
	if !slices.Contains(s.unsure, p) {
		s.unsure = append(s.unsure, p)
		slices.SortFunc(s.unsure, func(a, b *Place) int { return a.id - b.id })
	}
}

// release lets go of a lock. It returns the hold that ends, or nil.
func (s *lockState) release(p *Place, read bool) *Hold {
	at := -1
	for i, h := range s.held {
		if h.Lock == p && !h.stale && (at < 0 || h.Read == read) {
			at = i
		}
	}
	if at >= 0 {
		h := s.held[at]
		s.held = slices.Delete(s.held, at, at+1)
		return &h
	}
	if i := slices.Index(s.unsure, p); i >= 0 {
		s.unsure = slices.Delete(s.unsure, i, i+1)
		return nil
	}
	// It may be a lock that is held under another name.
	class := p.Class()
	found := false
	for _, h := range slices.Clone(s.held) {
		if class != nil && h.Lock.Class() == class || p.pointed() || h.Lock.pointed() {
			s.held = slices.DeleteFunc(s.held, func(x Hold) bool { return x == h })
			found = true
			if c := h.Lock.Class(); !slices.Contains(s.fuzzy, c) {
				s.fuzzy = append(s.fuzzy, c)
			}
		}
	}
	if !found && !slices.Contains(s.fuzzy, class) && !slices.Contains(s.gone, p) {
		s.gone = append(s.gone, p)
		slices.SortFunc(s.gone, func(a, b *Place) int { return a.id - b.id })
	}
	return nil
}

// shape is what the walk over a function remembers of it.
type shape struct {
	atoms  map[any]int              // conditions
	made   []ssa.Value              // value that an atom is about, or nil for one about memory
	uses   map[int]int              // how often a condition matters
	limits map[int]limit            // conditions that compare a number with a constant
	bounds map[ssa.Value]int        // how many of these there are of a number
	freed  map[ssa.Instruction]bool // acquisitions that some path releases
	taken  map[any]bool             // classes of the locks that it takes itself
	lent   map[any]bool             // classes of locks that it releases without having taken them
	coarse bool                     // too many paths: conditions are not told apart
}

type atomKey struct {
	v    any // value or name
	kind byte
	c    string
}

func (l *Locks) shapeOf(f *ssa.Function) *shape {
	if sh := l.walked[f]; sh != nil {
		return sh
	}
	sh := &shape{atoms: make(map[any]int), uses: make(map[int]int), limits: make(map[int]limit), bounds: make(map[ssa.Value]int), freed: make(map[ssa.Instruction]bool), taken: make(map[any]bool), lent: make(map[any]bool)}
	l.walked[f] = sh
	use := func(v ssa.Value) {
		if a, _, ok := l.atom(sh, v); ok {
			sh.uses[a]++
		}
	}
	for _, b := range f.Blocks {
		for _, instr := range b.Instrs {
			switch v := instr.(type) {
			case *ssa.If:
				use(v.Cond)
				l.limit(sh, v.Cond)
			case *ssa.Phi:
				for _, e := range v.Edges {
					l.useValue(sh, e)
				}
			case *ssa.Return:
				for _, r := range v.Results {
					l.useValue(sh, r)
				}
			case ssa.CallInstruction:
				for _, arg := range v.Common().Args {
					if lint.IsBool(arg.Type()) { // may decide what the callee locks
						l.useValue(sh, arg)
					}
				}
			}
		}
	}
	return sh
}

// useValue counts a value whose truth or nilness may be asked later.
func (l *Locks) useValue(sh *shape, v ssa.Value) {
	if _, ok := v.(*ssa.Const); ok {
		return
	}
	if lint.IsBool(v.Type()) {
		if a, _, ok := l.atom(sh, v); ok {
			sh.uses[a]++
		}
	} else if canBeNil(v.Type()) {
		sh.uses[l.nilAtom(sh, v)]++
	}
}

func (l *Locks) intern2(sh *shape, k atomKey, v ssa.Value) int {
	a, ok := sh.atoms[k]
	if !ok {
		a = len(sh.atoms)
		sh.atoms[k] = a
		sh.made = append(sh.made, v)
	}
	return a
}

// stored returns what was just stored in the local variable that v loads, in the same block; or
// else v. A named result is a variable in memory where something is deferred.
func stored(v ssa.Value) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return v
	}
	if _, ok := load.X.(*ssa.Alloc); !ok {
		return v
	}
	instrs := load.Block().Instrs
	for i := slices.Index(instrs, ssa.Instruction(load)) - 1; i >= 0; i-- {
		switch in := instrs[i].(type) {
		case *ssa.Store:
			if in.Addr == load.X {
				return in.Val
			}
		case ssa.CallInstruction:
			return v // which may set it
		}
	}
	return v
}

// nameOf names a value: values in memory by where they are, others by themselves.
func (l *Locks) nameOf(v ssa.Value) (any, ssa.Value) {
	if lint.IsBool(v.Type()) {
		v = stored(v)
	}
	if u, ok := v.(*ssa.UnOp); ok && u.Op == token.MUL {
		if s := l.m.stableName(v, 8); s != "" {
			return s, nil
		}
	}
	return v, v
}

func (l *Locks) nilAtom(sh *shape, v ssa.Value) int {
	n, x := l.nameOf(v)
	return l.intern2(sh, atomKey{n, 'n', ""}, x)
}

// atom names a condition; flip says that the condition is the opposite of its name.
func (l *Locks) atom(sh *shape, v ssa.Value) (a int, flip, ok bool) {
	for {
		u, isNot := v.(*ssa.UnOp)
		if !isNot || u.Op != token.NOT {
			break
		}
		v, flip = u.X, !flip
	}
	if b, isOp := v.(*ssa.BinOp); isOp && (b.Op == token.EQL || b.Op == token.NEQ) {
		x, y := b.X, b.Y
		if _, isConst := x.(*ssa.Const); isConst {
			x, y = y, x
		}
		c, isConst := y.(*ssa.Const)
		if b.Op == token.NEQ {
			flip = !flip
		}
		if isConst {
			if c.IsNil() {
				return l.nilAtom(sh, x), flip, true
			}
			if c.Value != nil && c.Value.Kind() == constant.Bool {
				a, f2, ok := l.atom(sh, x)
				return a, flip != f2 != !constant.BoolVal(c.Value), ok
			}
			n, val := l.nameOf(x)
			return l.intern2(sh, atomKey{n, '=', c.String()}, val), flip, true
		}
		n, f2 := l.m.condKey(v)
		if n != "" {
			return l.intern2(sh, atomKey{n, 'k', ""}, v), f2, true
		}
		return l.intern2(sh, atomKey{v, 'v', ""}, v), b.Op == token.NEQ && false, true
	}
	if _, isConst := v.(*ssa.Const); isConst {
		return 0, false, false
	}
	n, x := l.nameOf(v)
	if b, isOp := v.(*ssa.BinOp); isOp {
		if s := l.m.stableName(b, 8); s != "" {
			n = s
		}
	}
	return l.intern2(sh, atomKey{n, 'v', ""}, x), flip, true
}
