package poolflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// state is what is known of the slots of an object at one point of a function.
// At the start of a function its parameter's slots are all stale: they hold
// what they held before.
type state struct {
	may, must Slots // stale on some path, on all paths
	dirty     Slots // on some path last filled by this user
	clean     Slots // on all paths last cleared, or out of sight
	cleans    Slots // cleared on some path
	full      Slots // slices that may hold elements of this user
	keeps     Slots // slices cut to [:0] with those elements behind their end
}

var fresh = state{may: all, must: all, full: all}

func (s *state) join(t state) {
	s.may |= t.may
	s.must &= t.must
	s.dirty |= t.dirty
	s.clean &= t.clean
	s.cleans |= t.cleans
	s.full |= t.full
	s.keeps |= t.keeps
}

// then returns the state after a function that started at s and does t.
func (s state) then(t state) state {
	return state{
		may:    s.may & t.may,
		must:   s.must & t.must,
		dirty:  s.dirty&^t.clean | t.dirty,
		clean:  s.clean&^t.dirty | t.clean,
		cleans: s.cleans | t.cleans,
		full:   s.full&t.full | t.dirty,
		keeps:  s.keeps&^(t.clean|t.dirty) | t.keeps&s.full,
	}
}

// lose means that the slots are out of sight: as good as reset.
func (s *state) lose(m Slots) {
	s.may &^= m
	s.must &^= m
	s.dirty &^= m
	s.clean |= m
	s.full &^= m
	s.keeps &^= m
}

// reset means that code cleared the slots.
func (s *state) reset(m Slots) {
	s.lose(m)
	s.cleans |= m
}

// effect is what a function does to an object from some value on.
type effect struct {
	reads    Slots // observed if they may be stale before
	mayReads Slots // observed, under conditions, if they must be stale before
	exit     state
	shown    Slots // sticky slots that code out of sight may see as they were
	puts     []putEffect
	returns  map[int]state
	setBy    map[int]int // the parameter that a slot is set to
	readAt   map[int]token.Pos
	dirtAt   map[int]token.Pos
	keptAt   map[int]token.Pos
	staleAt  map[int]token.Pos // where slices are cut that an earlier user filled
	hook     *hook             // what the function leaves to others to do
	hooks    bool              // there is another one
	bare     *effect           // the effect if that does nothing
	closers  map[int]*effect   // functions among the results, to be called when the object is done with
	lends    []lend
}

// putEffect is one Put of the object.
type putEffect struct {
	pool    place
	state   state
	call    ssa.CallInstruction // nil if in another package
	wrapper *types.Func
}

// observed returns the slots that are read stale, for an effect from a Get on.
func (e *effect) observed() map[int]token.Pos {
	m := make(map[int]token.Pos)
	for i, pos := range e.readAt {
		if (e.reads | e.mayReads).Has(i) {
			m[i] = pos
		}
	}
	return m
}

// kind is the way in which an object holds content.
type kind int

const (
	opaque   kind = iota
	fields        // pointer to struct: one slot per field
	buffer        // *bytes.Buffer, *strings.Builder
	slicePtr      // *[]T
	sliceVal      // []T
	mapVal        // map
)

func kindOf(t types.Type) (kind, []Field) {
	if isBuffer(lint.Deref(t)) || isStream(t) {
		return buffer, nil
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return opaque, nil
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		switch u.Elem().Underlying().(type) {
		case *types.Struct:
			if list := Fields(t); list != nil {
				return fields, list
			}
		case *types.Slice:
			return slicePtr, nil
		}
	case *types.Slice:
		return sliceVal, nil
	case *types.Map:
		return mapVal, nil
	}
	return opaque, nil
}

// isBuffer reports whether values of type t only collect what is written to them.
func isBuffer(t types.Type) bool {
	return lint.IsNamed(t, "bytes", "Buffer") || lint.IsNamed(t, "strings", "Builder") || lint.IsNamed(t, "hash/maphash", "Hash") || isHash(t)
}

// IsBuffer reports whether objects of type t are buffers, or other things that
// only collect what is written to them.
func IsBuffer(t types.Type) bool { return isBuffer(lint.Deref(t)) }

// isStream reports whether t is a reader or writer that is to be reset to its
// source or target.
func isStream(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	return ok && (lint.IsNamed(p.Elem(), "bufio", "Reader", "Writer") || lint.IsNamed(p.Elem(), "compress/gzip", "Reader", "Writer") ||
		lint.IsNamed(p.Elem(), "compress/flate", "Writer") || lint.IsNamed(p.Elem(), "compress/zlib", "Writer"))
}

// IsStream reports whether objects of type t are readers or writers that are to
// be reset to their source or target.
func IsStream(t types.Type) bool { return isStream(t) }

func isHash(t types.Type) bool {
	return lint.IsNamed(t, "hash", "Hash") || lint.IsNamed(t, "hash", "Hash32") || lint.IsNamed(t, "hash", "Hash64")
}

// walk follows one object through one function.
type walk struct {
	*analyzer
	fn      *ssa.Function
	start   ssa.Instruction // the Get, or nil for a parameter
	kind    kind
	slots   []Field
	elem    types.Type
	skip    Slots // slots that keep content by intent
	filling Slots // slots that may gather what many users add, until they are full
	aliases map[ssa.Value]bool
	cells   map[ssa.Value]bool // variables that hold nothing else
	defers  []*ssa.Defer
	eff     *effect
	record  bool
	bare    bool // hooks do nothing
	closers map[ssa.Value]*effect
	decoded Slots // filled from encoded input
}

// follow computes the effect of fn on the object v of type elem, from the
// instruction start on, or from the beginning of fn.
func (a *analyzer) follow(fn *ssa.Function, v ssa.Value, elem types.Type, init state, start ssa.Instruction) *effect {
	eff := a.walk(fn, v, elem, init, start, false)
	if eff.hook != nil && !eff.hooks {
		eff.bare = a.walk(fn, v, elem, init, start, true)
	}
	return eff
}

func (a *analyzer) walk(fn *ssa.Function, v ssa.Value, elem types.Type, init state, start ssa.Instruction, bare bool) *effect {
	w := &walk{
		analyzer: a, fn: fn, start: start, elem: elem, bare: bare,
		aliases: make(map[ssa.Value]bool),
		cells:   make(map[ssa.Value]bool),
		eff:     &effect{returns: make(map[int]state), setBy: make(map[int]int), readAt: make(map[int]token.Pos), dirtAt: make(map[int]token.Pos), keptAt: make(map[int]token.Pos), staleAt: make(map[int]token.Pos), closers: make(map[int]*effect)},
		closers: a.closers(start),
	}
	w.kind, w.slots = kindOf(elem)
	for i, f := range w.slots {
		if slices.ContainsFunc(f.Path, func(v *types.Var) bool { return a.lazy[v.Origin()] }) || a.keeps(f.Var()) {
			w.skip |= slot(i)
		}
		if a.filling[f.Var().Origin()] {
			w.filling |= slot(i)
		}
	}
	if _, ok := v.(*ssa.FreeVar); ok {
		w.addCell(v)
	} else {
		w.addAlias(v)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Defer:
				w.defers = append(w.defers, instr)
			case *ssa.FieldAddr:
				if m := w.fields(instr); m != 0 && handedOn(instr) {
					w.skip |= m
				}
			}
		}
	}

	first := fn.Blocks[0]
	if start != nil {
		first = start.Block()
	}
	w.leave(w.solve(first, init), init)
	return w.eff
}

// leave looks again, now that the states at the beginning of each block are final, at what they mean, and notes
// the state in which the function leaves the object.
func (w *walk) leave(in map[*ssa.BasicBlock]state, init state) {
	w.record = true
	exits, succeeds, found := 0, Slots(0), false
	for _, b := range w.fn.Blocks {
		st, ok := in[b]
		if !ok {
			continue
		}
		out := w.block(b, st, init)
		if len(b.Instrs) == 0 {
			continue
		}
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			if exits == 0 {
				w.eff.exit = out
			} else {
				w.eff.exit.join(out)
			}
			exits++
			if !lazyssa.Fails(ret) {
				succeeds, found = succeeds|out.may, true
			}
		}
	}
	if found {
		w.eff.exit.may = succeeds // who is told of an error reads nothing that has not been set
	}
	if exits == 0 {
		w.eff.exit.lose(all) // it does not return: nothing comes after it
	}
}

// keeps reports whether a field is no content of the object. A channel is, if users bring their own.
func (a *analyzer) keeps(f *types.Var) bool {
	_, isChan := f.Type().Underlying().(*types.Chan)
	return keeps(f.Type()) && !(isChan && a.given[f.Origin()])
}

// keeps reports whether a field of type t is no content of the object: locks,
// counters, channels, and arrays, of which only a part is in use.
func keeps(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Array, *types.Chan:
		return true
	}
	if named, ok := types.Unalias(lint.Deref(t)).(*types.Named); ok {
		if pkg := named.Obj().Pkg(); pkg != nil && (pkg.Path() == "sync" || pkg.Path() == "sync/atomic") {
			return true
		}
		if strings.EqualFold(named.Obj().Name(), "nocopy") {
			return true
		}
	}
	return false
}

func (w *walk) block(b *ssa.BasicBlock, st state, init state) state {
	w.fuel -= len(b.Instrs) + 1
	begun := w.start == nil || b != w.start.Block()
	for _, instr := range b.Instrs {
		if instr == w.start {
			st, begun = init, true
			continue
		}
		if begun {
			w.instr(&st, instr)
		}
	}
	return st
}

func (w *walk) instr(st *state, instr ssa.Instruction) {
	switch in := instr.(type) {
	case *ssa.Store:
		w.store(st, in)
	case *ssa.UnOp:
		if in.Op == token.MUL {
			if i := w.field(in.X); i >= 0 {
				w.load(st, i, in)
			} else if m := w.group(in.X); m != 0 {
				w.copied(st, m, in)
			} else if w.is(in.X) && w.kind == slicePtr {
				w.load(st, 0, in)
			} else if w.is(in.X) && w.kind == fields {
				w.copies(st, in)
			}
		}
	case *ssa.FieldAddr:
		if i := w.field(in); i >= 0 {
			w.address(st, i, in)
		} else if m := w.group(in); m != 0 {
			w.partAddress(st, m, in)
		}
	case *ssa.MapUpdate:
		if w.is(in.Map) {
			if !w.renews(in) {
				w.dirt(st, 0, in.Pos())
			}
		} else if w.is(lazyssa.Strip(in.Value)) || w.is(in.Value) || w.is(in.Key) {
			st.lose(all)
		}
	case *ssa.Lookup:
		// Keyed access alone may be that of a cache.
		if w.is(in.X) && (w.isSet(w.fn, in.X) || counts(in)) {
			w.observe(st, 0, in)
		}
	case *ssa.Range:
		if w.is(in.X) {
			if rangeDelete(in, w.is) {
				st.reset(1)
			} else {
				w.observe(st, 0, in)
			}
		}
	case *ssa.Call:
		w.call(st, in)
	case *ssa.Go:
		if w.mentions(in) {
			w.unknown(st)
		}
	case *ssa.RunDefers:
		for i := len(w.defers) - 1; i >= 0; i-- {
			if leadsTo(w.defers[i].Block(), in.Block()) {
				w.call(st, w.defers[i])
			}
		}
	case *ssa.Defer:
		// takes effect at RunDefers
	case *ssa.MakeClosure:
		if w.mentions(in) && !onlyCalled(in) && !w.closer(in) {
			st.lose(all)
		}
	case *ssa.Return:
		if w.record {
			for i, r := range in.Results {
				if w.is(r) {
					if w.start != nil && w.fn.Object() != nil && w.fn.Object().Exported() {
						w.shown(st, in, true)
					}
					ret := *st
					if old, ok := w.eff.returns[i]; ok {
						ret.join(old)
					}
					w.eff.returns[i] = ret
				}
			}
		}
	case *ssa.Convert:
		if b, ok := in.Type().Underlying().(*types.Basic); ok && b.Kind() == types.UnsafePointer && w.mentions(in) {
			st.lose(all)
		}
	case *ssa.Phi:
		if !w.is(in) && slices.ContainsFunc(in.Edges, w.is) {
			st.lose(all)
		}
	case *ssa.Send:
		if w.mentions(in) {
			w.unknown(st)
		}
	case *ssa.Select:
		if w.mentions(in) {
			st.lose(all)
		}
	case *ssa.IndexAddr, *ssa.Slice:
		if w.kind == sliceVal {
			if v, ok := instr.(*ssa.Slice); ok && w.is(v.X) {
				st.lose(all) // the length is the user's own
			} else if v, ok := instr.(*ssa.IndexAddr); ok && w.is(v.X) {
				st.lose(all)
			}
		}
	}
}

// renews reports whether an insert sets a constant key before anything looks at the map: the next user of the
// function does the same.
func (w *walk) renews(up *ssa.MapUpdate) bool {
	if w.start == nil || !isConst(up.Key) {
		return false
	}
	for v := range w.aliases {
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Call:
				if !isPoolMethod(&ref.Call, "Put") && !up.Block().Dominates(ref.Block()) {
					return false
				}
			case *ssa.Range, *ssa.Lookup:
				if !up.Block().Dominates(ref.Block()) {
					return false
				}
			}
		}
	}
	return true
}

// renewsIn is renews for the map in slot i.
func (w *walk) renewsIn(i int, up *ssa.MapUpdate) bool {
	if w.start == nil || !isConst(up.Key) {
		return false
	}
	for _, b := range w.fn.Blocks {
		for _, instr := range b.Instrs {
			load, ok := instr.(*ssa.UnOp)
			if !ok || !w.loads(load, i) || up.Block().Dominates(b) {
				continue
			}
			if slices.ContainsFunc(*load.Referrers(), func(ref ssa.Instruction) bool {
				other, ok := ref.(*ssa.MapUpdate)
				return !ok || other.Map != load
			}) {
				return false
			}
		}
	}
	return true
}

// handedOn reports whether the address of a field goes where the walk cannot
// follow it, to be used at any time after.
func handedOn(addr *ssa.FieldAddr) bool {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Val == addr {
				return true
			}
		case *ssa.Phi, *ssa.MakeClosure, *ssa.Convert, *ssa.MapUpdate, *ssa.Send:
			return true
		}
	}
	return false
}

// mentions reports whether an instruction has the object, or a variable that
// holds it, among its operands.
func (w *walk) mentions(instr ssa.Instruction) bool {
	for _, op := range instr.Operands(nil) {
		if *op != nil && (w.is(*op) || w.cells[*op] || w.within(*op) != 0) {
			return true
		}
	}
	return false
}

// onlyCalled reports whether a closure is only called or deferred where it stands.
func onlyCalled(mc *ssa.MakeClosure) bool {
	for _, ref := range *mc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Call:
			if ref.Call.Value != mc || slices.Contains(ref.Call.Args, ssa.Value(mc)) {
				return false
			}
		case *ssa.Defer:
			if ref.Call.Value != mc {
				return false
			}
		case *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}
