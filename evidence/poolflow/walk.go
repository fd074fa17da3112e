package poolflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

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
}

var fresh = state{may: all, must: all}

func (s *state) join(t state) {
	s.may |= t.may
	s.must &= t.must
	s.dirty |= t.dirty
	s.clean &= t.clean
	s.cleans |= t.cleans
}

// then returns the state after a function that started at s and does t.
func (s state) then(t state) state {
	return state{
		may:    s.may & t.may,
		must:   s.must & t.must,
		dirty:  s.dirty&^t.clean | t.dirty,
		clean:  s.clean&^t.dirty | t.clean,
		cleans: s.cleans | t.cleans,
	}
}

// lose means that the slots are out of sight: as good as reset.
func (s *state) lose(m Slots) {
	s.may &^= m
	s.must &^= m
	s.dirty &^= m
	s.clean |= m
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
	puts     []put1
	returns  map[int]state
	readAt   map[int]token.Pos
	dirtAt   map[int]token.Pos
}

// put1 is one Put of the object.
type put1 struct {
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

// root is a value of a function whose effect is known.
type root struct {
	fn *ssa.Function
	v  ssa.Value
}

// summary returns the effect of fn on its parameter or free variable v, nil if it is unknown.
func (a *analyzer) summary(fn *ssa.Function, v ssa.Value) *effect {
	key := root{fn, v}
	if eff, ok := a.effects[key]; ok {
		return eff
	}
	a.effects[key] = nil // a cycle is unknown
	t := v.Type()
	if _, ok := v.(*ssa.FreeVar); ok {
		t = lint.Deref(t) // captured by reference
	}
	eff := a.follow(fn, v, t, fresh, nil)
	a.effects[key] = eff
	return eff
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

func kindOf(t types.Type) (kind, *types.Struct) {
	if isBuffer(lint.Deref(t)) {
		return buffer, nil
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return opaque, nil
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		switch e := u.Elem().Underlying().(type) {
		case *types.Struct:
			if e.NumFields() <= 64 {
				return fields, e
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

func isBuffer(t types.Type) bool {
	return lint.IsNamed(t, "bytes", "Buffer") || lint.IsNamed(t, "strings", "Builder")
}

// walk follows one object through one function.
type walk struct {
	*analyzer
	fn      *ssa.Function
	start   ssa.Instruction // the Get, or nil for a parameter
	kind    kind
	st      *types.Struct
	elem    types.Type
	skip    Slots // slots that keep content by intent
	aliases map[ssa.Value]bool
	cells   map[ssa.Value]bool // variables that hold nothing else
	guards  map[*ssa.BasicBlock][]*ssa.If
	defers  []*ssa.Defer
	eff     *effect
	record  bool
}

// follow computes the effect of fn on the object v of type elem, from the
// instruction start on, or from the beginning of fn.
func (a *analyzer) follow(fn *ssa.Function, v ssa.Value, elem types.Type, init state, start ssa.Instruction) *effect {
	w := &walk{
		analyzer: a, fn: fn, start: start, elem: elem,
		aliases: make(map[ssa.Value]bool),
		cells:   make(map[ssa.Value]bool),
		guards:  make(map[*ssa.BasicBlock][]*ssa.If),
		eff:     &effect{returns: make(map[int]state), readAt: make(map[int]token.Pos), dirtAt: make(map[int]token.Pos)},
	}
	w.kind, w.st = kindOf(elem)
	if w.st != nil {
		for i := range w.st.NumFields() {
			if f := w.st.Field(i); a.lazy[f.Origin()] || keeps(f.Type()) {
				w.skip |= slot(i)
			}
		}
	}
	if _, ok := v.(*ssa.FreeVar); ok {
		w.addCell(v)
	} else {
		w.addAlias(v)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok {
				w.defers = append(w.defers, d)
			}
		}
	}

	first := fn.Blocks[0]
	if start != nil {
		first = start.Block()
	}
	in := w.solve(first, init)

	// Only now are the states final: look again at what they mean.
	w.record = true
	exits := 0
	for _, b := range fn.Blocks {
		st, ok := in[b]
		if !ok {
			continue
		}
		out := w.block(b, st, init)
		if len(b.Instrs) == 0 {
			continue
		}
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			if exits == 0 {
				w.eff.exit = out
			} else {
				w.eff.exit.join(out)
			}
			exits++
		}
	}
	if exits == 0 {
		w.eff.exit.lose(all) // it does not return: nothing comes after it
	}
	return w.eff
}

// solve computes the state at the start of each block that can be reached.
//
// A loop is taken to run at least once: what each turn of it assigns is
// assigned after it, for code that forgets only the empty input is not worth a
// word. So the way out of the head of a loop starts from the end of a turn.
func (w *walk) solve(first *ssa.BasicBlock, init state) map[*ssa.BasicBlock]state {
	in := map[*ssa.BasicBlock]state{first: init}
	turned := make(map[*ssa.BasicBlock]state) // at the head of a loop, after a turn
	work := []*ssa.BasicBlock{first}
	join := func(m map[*ssa.BasicBlock]state, b *ssa.BasicBlock, st state) {
		old, seen := m[b]
		if seen {
			st.join(old)
		}
		if !seen || st != old {
			m[b] = st
			if !slices.Contains(work, b) {
				work = append(work, b)
			}
		}
	}
	drain := func() {
		for len(work) > 0 {
			b := work[0]
			work = work[1:]
			out := w.block(b, in[b], init)
			for _, succ := range b.Succs {
				next := out
				if isLoopHead(b) && leaves(b, succ) {
					st, ok := turned[b]
					if !ok {
						continue
					}
					next = w.block(b, st, init)
				}
				if w.replaced(b, succ) {
					next.lose(all)
				}
				if i := w.emptyOn(b, succ); i >= 0 {
					next.lose(slot(i))
				}
				if succ.Dominates(b) {
					join(turned, succ, next)
				}
				join(in, succ, next)
			}
		}
	}
	drain()
	// Loops whose every turn returns or breaks are left by their head all the same.
	for _, b := range w.fn.Blocks {
		if st, ok := in[b]; ok && isLoopHead(b) {
			if _, ok := turned[b]; !ok {
				turned[b] = st
				work = append(work, b)
				drain()
			}
		}
	}
	return in
}

// isLoopHead reports whether a loop begins at b with the question whether to go on.
func isLoopHead(b *ssa.BasicBlock) bool {
	return len(b.Succs) == 2 && slices.ContainsFunc(b.Preds, b.Dominates)
}

// leaves reports whether the edge from the head of a loop to succ leaves the loop.
func leaves(head, succ *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{head: true}
	var reach func(b *ssa.BasicBlock) bool
	reach = func(b *ssa.BasicBlock) bool {
		if seen[b] || !head.Dominates(b) {
			return false
		}
		seen[b] = true
		for _, s := range b.Succs {
			if s == head || reach(s) {
				return true
			}
		}
		return false
	}
	return !reach(succ)
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

// addAlias notes that v is the object, and what follows from that.
func (w *walk) addAlias(v ssa.Value) {
	if w.aliases[v] {
		return
	}
	w.aliases[v] = true
	if v.Referrers() == nil {
		return
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.ChangeType, *ssa.MakeInterface, *ssa.ChangeInterface:
			w.addAlias(ref.(ssa.Value))
		case *ssa.TypeAssert:
			if !ref.CommaOk {
				w.addAlias(ref)
				continue
			}
			for _, ext := range *ref.Referrers() {
				if ext, ok := ext.(*ssa.Extract); ok && ext.Index == 0 {
					w.addAlias(ext)
				}
			}
		case *ssa.Phi:
			if w.onlyThis(ref.Edges) {
				w.addAlias(ref)
			}
		case *ssa.Store:
			if cell, ok := ref.Addr.(*ssa.Alloc); ok && ref.Val == v {
				w.addCell(cell)
			}
		}
	}
}

// onlyThis reports whether all values are the object or one made in its place
// because the pool had none.
func (w *walk) onlyThis(vs []ssa.Value) bool {
	for _, v := range vs {
		call, _ := strip(v).(*ssa.Call)
		isNew := call != nil && callee(call) != nil && strings.HasPrefix(strings.ToLower(callee(call).Name()), "new")
		if !w.aliases[v] && !w.aliases[strip(v)] && !made(v) && !zero(v) && !isNew {
			return false
		}
	}
	return true
}

// addCell notes that the variable at addr holds the object, if nothing else is
// ever stored in it.
func (w *walk) addCell(addr ssa.Value) {
	if w.cells[addr] {
		return
	}
	var stored []ssa.Value
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != addr {
				return
			}
			stored = append(stored, ref.Val)
		case *ssa.MakeClosure:
			if storesTo(ref, addr) {
				return
			}
		case *ssa.UnOp, *ssa.DebugRef:
		default:
			return
		}
	}
	if !w.onlyThis(stored) {
		return
	}
	w.cells[addr] = true
	for _, ref := range *addr.Referrers() {
		if load, ok := ref.(*ssa.UnOp); ok && load.Op == token.MUL {
			w.addAlias(load)
		}
	}
}

// storesTo reports whether a closure, or one within it, assigns to the captured variable at addr.
func storesTo(mc *ssa.MakeClosure, addr ssa.Value) bool {
	for i, b := range mc.Bindings {
		if b != addr {
			continue
		}
		for _, ref := range *mc.Fn.(*ssa.Function).FreeVars[i].Referrers() {
			switch ref := ref.(type) {
			case *ssa.UnOp, *ssa.DebugRef:
			case *ssa.MakeClosure:
				if storesTo(ref, mc.Fn.(*ssa.Function).FreeVars[i]) {
					return true
				}
			default:
				return true
			}
		}
	}
	return false
}

// is reports whether v is the object.
func (w *walk) is(v ssa.Value) bool { return w.aliases[v] }

// field returns the slot whose field addr points to, or -1.
func (w *walk) field(addr ssa.Value) int {
	if fa, ok := addr.(*ssa.FieldAddr); ok && w.is(fa.X) && w.kind == fields {
		return fa.Field
	}
	return -1
}

// within returns the slot that addr points into, or -1.
func (w *walk) within(addr ssa.Value) int {
	for {
		if i := w.field(addr); i >= 0 {
			return i
		}
		switch v := addr.(type) {
		case *ssa.FieldAddr:
			addr = v.X
		case *ssa.IndexAddr:
			addr = v.X
		default:
			return -1
		}
	}
}

func (w *walk) block(b *ssa.BasicBlock, st state, init state) state {
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
			} else if w.is(in.X) && w.kind == slicePtr {
				w.load(st, 0, in)
			}
		}
	case *ssa.FieldAddr:
		if i := w.field(in); i >= 0 {
			w.address(st, i, in)
		}
	case *ssa.MapUpdate:
		if w.is(in.Map) {
			w.dirt(st, 0, in.Pos())
		} else if w.is(strip(in.Value)) || w.is(in.Value) || w.is(in.Key) {
			st.lose(all)
		}
	case *ssa.Lookup:
		// Keyed access alone may be that of a cache.
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
			st.lose(all)
		}
	case *ssa.RunDefers:
		for i := len(w.defers) - 1; i >= 0; i-- {
			w.call(st, w.defers[i])
		}
	case *ssa.Defer:
		// takes effect at RunDefers
	case *ssa.MakeClosure:
		if w.mentions(in) && !onlyCalled(in) {
			st.lose(all)
		}
	case *ssa.Return:
		if w.record {
			for i, r := range in.Results {
				if w.is(r) {
					ret := *st
					if old, ok := w.eff.returns[i]; ok {
						ret.join(old)
					}
					w.eff.returns[i] = ret
				}
			}
		}
	case *ssa.Phi:
		if !w.is(in) && slices.ContainsFunc(in.Edges, w.is) {
			st.lose(all)
		}
	case *ssa.Send:
		if w.mentions(in) {
			st.lose(all)
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

// mentions reports whether an instruction has the object, or a variable that
// holds it, among its operands.
func (w *walk) mentions(instr ssa.Instruction) bool {
	for _, op := range instr.Operands(nil) {
		if *op != nil && (w.is(*op) || w.cells[*op] || w.within(*op) >= 0) {
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

func (w *walk) store(st *state, in *ssa.Store) {
	if i := w.field(in.Addr); i >= 0 {
		w.assign(st, i, in)
		return
	}
	switch {
	case w.is(in.Addr) && w.kind == slicePtr:
		w.assign(st, 0, in)
	case w.is(in.Addr):
		st.reset(all)
	case w.within(in.Addr) >= 0:
		st.lose(slot(w.within(in.Addr)))
	}
	if w.is(in.Val) != w.cells[in.Addr] {
		st.lose(all) // it gets away, or a new one takes its place
	}
}

// replaced reports whether a new object takes the place of the pooled one on
// the edge between two blocks.
func (w *walk) replaced(b, succ *ssa.BasicBlock) bool {
	for _, instr := range succ.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		if w.is(phi) && !w.is(phi.Edges[slices.Index(succ.Preds, b)]) {
			return true
		}
	}
	return false
}

// assign is a store of a new value to slot i.
func (w *walk) assign(st *state, i int, in *ssa.Store) {
	v := in.Val
	switch {
	case zero(v), emptied(v), made(v):
		st.reset(slot(i))
	case w.counter(i, in):
		// A generation that only grows keeps its value on purpose.
	case isConst(v) && (ResetName(w.fn.Name())):
		st.reset(slot(i))
	case appended(v):
		w.dirt(st, i, in.Pos())
	case reshaped(v):
		st.lose(slot(i)) // cut to some length, which may be none
	default:
		st.may &^= slot(i)
		st.must &^= slot(i)
		w.dirt(st, i, in.Pos())
	}
}

// reshaped reports whether v is a slice of another one, on some path.
func reshaped(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Slice, *ssa.Phi:
		_, ok := v.Type().Underlying().(*types.Slice)
		return ok
	}
	return false
}

func isConst(v ssa.Value) bool {
	_, ok := strip(v).(*ssa.Const)
	return ok
}

// counter reports whether a store only adds a constant to slot i, or restores it.
func (w *walk) counter(i int, in *ssa.Store) bool {
	v := in.Val
	if op, ok := v.(*ssa.BinOp); ok && (op.Op == token.ADD || op.Op == token.SUB) && isConst(op.Y) {
		v = op.X
	}
	load, ok := v.(*ssa.UnOp)
	return ok && w.field(load.X) == i
}

// dirt notes that this user's data goes into slot i.
func (w *walk) dirt(st *state, i int, pos token.Pos) {
	if w.skip.Has(i) {
		st.lose(slot(i))
		return
	}
	st.dirty |= slot(i)
	st.clean &^= slot(i)
	if _, ok := w.eff.dirtAt[i]; !ok && w.record {
		w.eff.dirtAt[i] = pos
	}
}

// observe notes that the old content of slot i decides what instr does.
func (w *walk) observe(st *state, i int, instr ssa.Instruction) {
	if !w.record || !st.may.Has(i) || w.skip.Has(i) {
		return
	}
	switch w.guard(instr.Block(), i) {
	case always:
		w.eff.reads |= slot(i)
	case sometimes:
		if !st.must.Has(i) {
			return
		}
		w.eff.mayReads |= slot(i)
	case dependent:
		return
	}
	if _, ok := w.eff.readAt[i]; !ok {
		w.eff.readAt[i] = instr.Pos()
	}
}

// load judges a read of slot i by what becomes of the value.
func (w *walk) load(st *state, i int, load *ssa.UnOp) {
	var observed, lost, reset bool
	dirt := token.NoPos
	for _, ref := range *load.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Slice:
			if !emptied(ref) {
				lost = true // the length is the user's own
			}
		case *ssa.Lookup:
			if ref.Index == load || !isMap(load) {
				observed = true
			} // else it may be a cache
		case *ssa.IndexAddr:
			if isBytes(load.Type()) || !onlyLoaded(ref) {
				lost = true
			} else {
				observed = true
			}
		case *ssa.FieldAddr, *ssa.Phi, *ssa.MakeClosure:
			lost = true
		case *ssa.MapUpdate:
			if ref.Map == load {
				dirt = ref.Pos()
			} else {
				observed = true
			}
		case *ssa.Range:
			if rangeDelete(ref, func(v ssa.Value) bool { return v == load || w.loads(v, i) }) {
				reset = true
			} else {
				observed = true
			}
		case *ssa.Store:
			if ref.Val == load && w.field(ref.Addr) == i {
				continue
			}
			if _, local := ref.Addr.(*ssa.Alloc); ref.Addr == load || local && followable(load.Type()) {
				lost = true // written through, or in a captured variable
			} else {
				observed = true
			}
		case *ssa.BinOp:
			if isConst(ref.Y) && (ref.Op == token.ADD || ref.Op == token.SUB) && restored(ref, w, i) {
				continue
			}
			if isNil(ref.Y) || isNil(ref.X) {
				continue // says nothing of the content
			}
			observed = true
		case ssa.CallInstruction:
			switch w.argument(ref, load) {
			case reads:
				observed = true
			case fills:
				observed = true
				dirt = ref.Pos()
			case resets:
				reset = true
			case loses:
				lost = true
			}
		default:
			observed = true
		}
	}
	switch {
	case reset:
		st.reset(slot(i))
	case lost:
		st.lose(slot(i))
	case observed:
		w.observe(st, i, load)
	}
	if dirt.IsValid() {
		w.dirt(st, i, dirt)
	}
}

func isMap(v ssa.Value) bool {
	_, ok := v.Type().Underlying().(*types.Map)
	return ok
}

func isBytes(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	b, ok := s.Elem().Underlying().(*types.Basic)
	return ok && b.Kind() == types.Byte
}

// loads reports whether v is a load of slot i.
func (w *walk) loads(v ssa.Value, i int) bool {
	load, ok := v.(*ssa.UnOp)
	return ok && load.Op == token.MUL && w.field(load.X) == i
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// restored reports whether all that becomes of a sum is a store to its own slot.
func restored(sum *ssa.BinOp, w *walk, i int) bool {
	for _, ref := range *sum.Referrers() {
		st, ok := ref.(*ssa.Store)
		if !ok || w.field(st.Addr) != i {
			return false
		}
	}
	return true
}

// rangeDelete reports whether a loop over a map deletes all its keys.
func rangeDelete(r *ssa.Range, same func(ssa.Value) bool) bool {
	for _, next := range *r.Referrers() {
		next, ok := next.(*ssa.Next)
		if !ok {
			continue
		}
		for _, ext := range *next.Referrers() {
			ext, ok := ext.(*ssa.Extract)
			if !ok || ext.Index != 1 {
				continue
			}
			for _, use := range *ext.Referrers() {
				if call, ok := use.(*ssa.Call); ok {
					if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "delete" && same(call.Call.Args[0]) {
						return true
					}
				}
			}
		}
	}
	return false
}

// address judges what is done with the address of slot i, other than loads and stores.
func (w *walk) address(st *state, i int, addr *ssa.FieldAddr) {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef, ssa.CallInstruction:
		case *ssa.Store:
			if ref.Addr != addr {
				st.lose(slot(i))
			}
		case *ssa.MakeInterface:
			for _, use := range *ref.Referrers() {
				if _, ok := use.(*ssa.Call); !ok || !isBuffer(lint.Deref(addr.Type())) {
					st.lose(slot(i))
				}
			}
		case *ssa.FieldAddr, *ssa.IndexAddr:
			if !onlyLoaded(ref.(ssa.Value)) {
				st.lose(slot(i))
			}
		default:
			st.lose(slot(i))
		}
	}
}

func onlyLoaded(addr ssa.Value) bool {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.FieldAddr, *ssa.IndexAddr:
			if !onlyLoaded(ref.(ssa.Value)) {
				return false
			}
		default:
			return false
		}
	}
	return true
}
