package resource

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// open analyses what fn acquires and returns which of its results its callers must
// release.
func (a *analyzer) open(fn *ssa.Function) []Open {
	if opens, ok := a.opens[fn]; ok || a.active[fn] {
		return opens
	}
	a.active[fn] = true
	returned := make(map[int][]Open)
	var walks []*walk
	blocks := fn.Blocks
	if a.forTests(fn) {
		blocks = nil
	}
	for _, b := range blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			for _, acq := range a.acquisitions(call) {
				w := a.walk(fn, call, acq)
				walks = append(walks, w)
				a.found[fn] = append(a.found[fn], w.q)
				for i, holds := range w.returned {
					if acq.Index >= 0 || acq.Kind == Signals {
						returned[i] = append(returned[i], Open{i, acq.Kind, holds || acq.Holds})
					}
				}
			}
		}
	}
	a.opens[fn] = nil
	for i := range fn.Signature.Results().Len() {
		if os := returned[i]; len(os) > 0 && a.alwaysOpen(fn, i, os[0]) && !slices.ContainsFunc(walks, func(w *walk) bool {
			_, is := w.returned[i]
			return is && w.returnsEnded(i)
		}) {
			a.opens[fn] = append(a.opens[fn], os[0])
		}
	}
	delete(a.active, fn)
	return a.opens[fn]
}

// alwaysOpen reports whether result i of fn is, at every return, nil or something that
// fn has acquired, and that its callers have the means to release.
func (a *analyzer) alwaysOpen(fn *ssa.Function, i int, o Open) bool {
	t := fn.Signature.Results().At(i).Type()
	switch {
	case o.Holds && (o.Kind == Writer || !hasEnd(t) && !gives(t)):
		return false // its callers could not
	case !o.Holds && o.Kind != Region && o.Kind != Subscription && o.Kind != Signals && !closable(t):
		return false
	}
	seen := make(map[ssa.Value]bool)
	var fresh func(v ssa.Value) bool
	fresh = func(v ssa.Value) bool {
		if seen[v] {
			return true
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.Const:
			return true
		case *ssa.Phi:
			return !slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return !fresh(e) })
		case *ssa.MakeInterface:
			return fresh(v.X)
		case *ssa.ChangeInterface:
			return fresh(v.X)
		case *ssa.ChangeType:
			return fresh(v.X)
		case *ssa.TypeAssert:
			return fresh(v.X)
		case *ssa.Slice:
			return fresh(v.X)
		case *ssa.MakeChan:
			return o.Kind == Signals
		case *ssa.Extract:
			return fresh(v.Tuple)
		case *ssa.Call:
			return slices.ContainsFunc(a.found[fn], func(q *Acquired) bool { return q.Call == v })
		case *ssa.UnOp:
			if v.Op != token.MUL {
				return false
			}
			switch addr := v.X.(type) {
			case *ssa.FieldAddr:
				return fresh(addr.X)
			case *ssa.Alloc:
				if o.Holds {
					return true
				}
				for _, ref := range *addr.Referrers() {
					if st, ok := ref.(*ssa.Store); ok && !fresh(st.Val) {
						return false
					}
				}
				return true
			}
		case *ssa.Alloc:
			return o.Holds
		}
		return false
	}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && !fresh(ret.Results[i]) {
			return false
		}
	}
	return true
}

// gives reports whether a struct has a field that others can release what it holds by.
func gives(t types.Type) bool {
	st, ok := lint.Deref(t).Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if f.Exported() && closable(f.Type()) {
			return true
		}
	}
	return false
}

// hasEnd reports whether a type has a method that releases what it holds.
func hasEnd(t types.Type) bool {
	ms := types.NewMethodSet(t)
	if _, isPtr := t.Underlying().(*types.Pointer); !isPtr && !types.IsInterface(t) {
		ms = types.NewMethodSet(types.NewPointer(t))
	}
	for m := range ms.Methods() {
		if ends(m.Obj().Name()) {
			return true
		}
	}
	return false
}

// walk is the search for a path that loses one resource.
type walk struct {
	*analyzer
	fn    *ssa.Function
	call  *ssa.Call
	start ssa.Instruction // the call, or what receives what it has acquired
	acq   acquisition
	th    *thing
	q     *Acquired

	ids      map[ssa.Value]int
	visited  map[string]bool
	asked    map[ssa.Value]bool // who may get hold of them
	returned map[int]bool       // results that are it, or, if true, hold it
	ended    []ssa.Instruction  // that release it, or hand it on
	exits    bool               // a path ends the process, or panics
}

// walk follows what a call acquires from there to the returns of fn.
func (a *analyzer) walk(fn *ssa.Function, call *ssa.Call, acq acquisition) *walk {
	w := a.begun(fn, call, call, acq)
	st := newState()
	st.used = acq.Kind == Writer && !w.resets() && !w.inMemory()
	b := call.Block()
	next := slices.Index(b.Instrs, ssa.Instruction(call)) + 1
	if !w.begin(st) {
		st.vals[call] = itself
		if w.block(b, next, st); w.q.Lost != nil || !w.exits {
			w.q.Lost = &Loss{Unused: true, Within: w.within()}
		}
		return w
	}
	w.block(b, next, st)
	if a.fuel <= 0 || len(w.visited) > maxStates {
		w.q.Lost, w.returned = nil, nil
	}
	if acq.Kind == Body {
		w.q.Read = a.reads(w)
	}
	slices.SortFunc(w.q.Ends, func(x, y ssa.CallInstruction) int { return int(x.Pos() - y.Pos()) })
	return w
}

// begun returns a walk that begins behind an instruction.
func (a *analyzer) begun(fn *ssa.Function, call *ssa.Call, start ssa.Instruction, acq acquisition) *walk {
	return &walk{
		analyzer: a, fn: fn, call: call, start: start, acq: acq,
		th:       &thing{kind: acq.Kind, byArg: acq.byArg},
		q:        &Acquired{Fn: fn, Call: call, Kind: acq.Kind, Index: acq.Index, Holds: acq.Holds},
		ids:      make(map[ssa.Value]int),
		visited:  make(map[string]bool),
		asked:    make(map[ssa.Value]bool),
		returned: make(map[int]bool),
	}
}

func newState() *state {
	return &state{vals: make(map[ssa.Value]class), cells: make(map[ssa.Value]class), facts: make(map[string]bool)}
}

// begin gives the results of the call their classes. It reports whether the resource
// is used at all.
func (w *walk) begin(st *state) bool {
	c := itself
	if w.acq.Holds {
		c = holder
	}
	w.given(st)
	if w.acq.value != nil {
		st.vals[w.acq.value] = c
		return true
	}
	results := w.call.Call.Signature().Results()
	if results.Len() == 1 {
		if len(*w.call.Referrers()) == 0 {
			return false
		}
		st.vals[w.call] = c
		return true
	}
	used := false
	for _, ref := range *w.call.Referrers() {
		x, ok := ref.(*ssa.Extract)
		if !ok {
			continue
		}
		switch t := results.At(x.Index).Type(); {
		case x.Index == w.acq.Index:
			used = len(*x.Referrers()) > 0
			st.vals[x] = c
		case x.Index == results.Len()-1 && tellsError(t):
			st.vals[x] = isNil
		case x.Index > w.acq.Index && types.Identical(t, types.Typ[types.Bool]) && (x.Index == results.Len()-1 || w.onlyWith(x.Index, isTrueConst)):
			st.vals[x] = isTrue
		case x.Index > w.acq.Index && w.onlyWith(x.Index, isNilConst):
			st.vals[x] = isNil // it says what went wrong, though it is no error
		}
	}
	return used
}

// onlyWith reports whether the function that is called returns, as result i, the constant that is asked
// for wherever it returns the resource.
func (w *walk) onlyWith(i int, is func(ssa.Value) bool) bool {
	return w.returnsWith(w.call.Call.StaticCallee(), w.acq.Index, i, is, 3)
}

// returnsWith reports whether a function of the package returns as result i a constant that is asked for
// wherever result thing is there; it may hand on what others return that do.
func (a *analyzer) returnsWith(fn *ssa.Function, thing, i int, is func(ssa.Value) bool, depth int) bool {
	if a.local(fn) == nil || depth == 0 {
		return false
	}
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover {
			continue
		}
		it, with := stored(ret, thing), stored(ret, i)
		if lazyssa.IsNil(it) || is(with) {
			continue
		}
		x, ok := it.(*ssa.Extract)
		y, also := with.(*ssa.Extract)
		if !ok || !also || x.Tuple != y.Tuple {
			return false
		}
		call, ok := x.Tuple.(*ssa.Call)
		if !ok || !a.returnsWith(call.Call.StaticCallee(), x.Index, y.Index, is, depth-1) {
			return false
		}
	}
	return true
}

// stored returns what a return returns as result i: a function that defers calls keeps it in a variable
// until they have run.
func stored(ret *ssa.Return, i int) ssa.Value {
	if load, ok := ret.Results[i].(*ssa.UnOp); ok {
		if v := lazyssa.LastStored(load); v != nil {
			return v
		}
	}
	return ret.Results[i]
}

func isTrueConst(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && constant.BoolVal(c.Value)
}

// within reports whether the function only receives from, or looks at, what else the
// call returns.
func (w *walk) within() bool {
	used := false
	for _, ref := range *w.call.Referrers() {
		x, ok := ref.(*ssa.Extract)
		if !ok || x.Index == w.acq.Index || tellsError(x.Type()) {
			continue
		}
		for _, use := range *x.Referrers() {
			switch use := use.(type) {
			case *ssa.Select, *ssa.BinOp, *ssa.Range, *ssa.DebugRef:
			case *ssa.UnOp:
			case *ssa.Call:
				if _, ok := use.Call.Value.(*ssa.Builtin); !ok {
					return false
				}
			default:
				return false
			}
			used = true
		}
	}
	return used
}

// given notes the conditions under which the call is reached.
func (w *walk) given(st *state) {
	for cond, is := range lazyssa.Conditions(w.start.Block()) {
		key, _ := condition(cond)
		if _, known := st.facts[key]; !known {
			w.note(st, cond, is)
		}
	}
}

// lose notes a path that loses the resource. One on which the next takes its place
// says more than others.
func (w *walk) lose(st *state, l *Loss) {
	if w.acq.Kind == Writer && !st.used {
		return // its first target is none
	}
	l.Ended = st.ended
	if w.q.Lost == nil || w.q.Lost.lesser() && !l.lesser() || l.Again && !w.q.Lost.Again && !l.lesser() {
		w.q.Lost = l
	}
}

// resets reports whether the function gives a writer its targets by a method Reset.
func (w *walk) resets() bool {
	if w.acq.Kind != Writer {
		return false
	}
	made := w.call.Call.Signature().Results().At(w.acq.Index).Type()
	for _, b := range w.call.Parent().Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && lazyssa.Callee(call) != nil && lazyssa.Callee(call).Name() == "Reset" &&
				len(call.Call.Args) > 0 && types.Identical(call.Call.Args[0].Type(), made) {
				return true
			}
		}
	}
	return false
}

// inMemory reports whether a writer writes to a buffer of this function: without anything written to
// it, who reads the buffer misses nothing, as who reads a file would the end of an archive.
func (w *walk) inMemory() bool {
	if len(w.call.Call.Args) == 0 {
		return false
	}
	switch buf := lazyssa.Strip(w.call.Call.Args[0]).(type) {
	case *ssa.Alloc:
		return lint.IsNamed(lint.Deref(buf.Type()), "bytes", "Buffer") || lint.IsNamed(lint.Deref(buf.Type()), "strings", "Builder")
	case *ssa.Call:
		return lint.IsFunc(lazyssa.Callee(buf), "bytes", "NewBuffer", "NewBufferString")
	}
	return false
}

// block goes on from instruction i of a block.
func (w *walk) block(b *ssa.BasicBlock, i int, st *state) {
	for _, instr := range b.Instrs[i:] {
		w.fuel--
		if instr == w.start {
			if w.acq.value != nil && !w.th.sent {
				return // of the same channel once more
			}
			got := instr.(ssa.Value)
			delete(st.vals, got)
			for _, ref := range *got.Referrers() {
				if x, ok := ref.(*ssa.Extract); ok {
					delete(st.vals, x)
				}
			}
			if st.again = true; !st.held() {
				w.lose(st, &Loss{Again: true})
				return
			}
			continue
		}
		if lazyssa.Ends(instr) {
			w.exits = true
			return
		}
		switch in := instr.(type) {
		case *ssa.Phi:
			continue // decided on the way here
		case *ssa.Return:
			w.leave(in, st)
			return
		case *ssa.Panic:
			w.exits = true
			return
		case *ssa.Jump:
			w.edge(b, b.Succs[0], st)
			return
		case *ssa.If:
			w.branch(in, st)
			return
		case *ssa.Extract:
			if in.Tuple == w.start.(ssa.Value) {
				continue
			}
		}
		if w.givesUp(instr) || w.lasts(instr) {
			return
		}
		switch eff := w.instr(st, instr); eff {
		case release, refuse:
			w.q.Released = true
			if c, ok := instr.(ssa.CallInstruction); ok && !slices.Contains(w.q.Ends, c) {
				w.q.Ends = append(w.q.Ends, c)
			}
			if call, ok := instr.(*ssa.Call); ok && eff == refuse { // go on with what is not refused
				if tellsError(call.Type()) {
					st.set(call, isNil)
				} else {
					st.set(call, isTrue)
				}
				continue
			}
			w.end(instr)
			return
		case take:
			w.q.HandedOn = true
			w.end(instr)
			if send, ok := instr.(*ssa.Send); ok && w.q.Lost == nil {
				w.q.Lost = w.sent(send, st)
			}
			return
		}
	}
}

// end notes where the resource is released or handed on.
func (w *walk) end(instr ssa.Instruction) {
	if !slices.Contains(w.ended, instr) {
		w.ended = append(w.ended, instr)
	}
}

// returnsEnded reports whether the function may return the resource as result i after it has released it,
// or has given it to code that may have: the callers cannot know then whether they are to.
func (w *walk) returnsEnded(i int) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	var from func(b *ssa.BasicBlock, next int) bool
	from = func(b *ssa.BasicBlock, next int) bool {
		for _, instr := range b.Instrs[next:] {
			switch in := instr.(type) {
			case *ssa.Call:
				if in == w.call {
					return false // the next one
				}
			case *ssa.Store:
				if isNilConst(in.Val) && loadedFrom(w.fn, i, in.Addr) {
					return false
				}
			case *ssa.Return:
				return !isNilConst(in.Results[i]) && !lazyssa.Fails(in)
			}
		}
		return slices.ContainsFunc(b.Succs, func(s *ssa.BasicBlock) bool {
			if seen[s] {
				return false
			}
			seen[s] = true
			return from(s, 0)
		})
	}
	return slices.ContainsFunc(w.ended, func(instr ssa.Instruction) bool {
		clear(seen)
		b := instr.Block()
		return from(b, slices.Index(b.Instrs, instr)+1)
	})
}

// loadedFrom reports whether returns of fn load result i from the variable at addr.
func loadedFrom(fn *ssa.Function, i int, addr ssa.Value) bool {
	refs := addr.Referrers()
	if refs == nil {
		return false // a global variable
	}
	for _, ref := range *refs {
		load, ok := ref.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			continue
		}
		for _, use := range *load.Referrers() {
			if ret, ok := use.(*ssa.Return); ok && ret.Results[i] == load {
				return true
			}
		}
	}
	return false
}

// once asks a question about an instruction once.
func (a *analyzer) once(instr ssa.Instruction, ask func() bool) bool {
	v, ok := a.never[instr]
	if !ok {
		v = ask()
		a.never[instr] = v
	}
	return v
}

// givesUp reports whether the client that a writer writes to is told something else: what it
// has got so far is given up, and an end of it would do harm.
func (w *walk) givesUp(instr ssa.Instruction) bool {
	call, ok := instr.(*ssa.Call)
	if !ok || w.acq.Kind != Writer || len(w.call.Call.Args) == 0 {
		return false
	}
	to := lazyssa.Strip(w.call.Call.Args[0])
	if !lint.IsNamed(to.Type(), "net/http", "ResponseWriter") {
		return false
	}
	if call.Call.IsInvoke() && call.Call.Value == to {
		return call.Call.Method.Name() == "WriteHeader"
	}
	return slices.ContainsFunc(call.Call.Args, func(arg ssa.Value) bool { return lazyssa.Strip(arg) == to })
}

// branch goes on after a condition.
func (w *walk) branch(in *ssa.If, st *state) {
	b := in.Block()
	v := w.truth(st, in.Cond)
	if v == nobody {
		w.q.HandedOn = true
		return
	}
	for i, is := range []bool{true, false} {
		if !is && w.once(in, func() bool { return lazyssa.Exhausted(in) }) {
			break
		}
		if v == open || v == verdictOf(is) {
			if !is && w.overBy(st, in.Cond) {
				w.q.Released = true // whoever publishes has ended it
				continue
			}
			if v == open && isOption(in.Cond) && w.releases(st, b.Succs[1-i], b.Succs[i]) {
				w.q.HandedOn = true // others are to release it then
				continue
			}
			next := st.clone()
			if v == open {
				w.learn(next, in.Cond, is)
			}
			w.edge(b, b.Succs[i], next)
		}
	}
}

// overBy reports whether a condition asks whether the channel of a subscription has been closed: it
// is the head of a loop over what is published.
func (w *walk) overBy(st *state, cond ssa.Value) bool {
	x, ok := cond.(*ssa.Extract)
	if !ok || w.acq.Kind != Subscription || x.Index != 1 {
		return false
	}
	recv, ok := x.Tuple.(*ssa.UnOp)
	if !ok || recv.Op != token.ARROW {
		return false
	}
	switch ch := recv.X.(type) {
	case *ssa.Call:
		return slices.ContainsFunc(ch.Call.Args, func(arg ssa.Value) bool { return st.of(arg).about() }) || ch.Call.IsInvoke() && st.of(ch.Call.Value).about()
	case *ssa.UnOp:
		fa, ok := ch.X.(*ssa.FieldAddr)
		return ok && st.of(fa.X).about()
	}
	return st.of(recv.X).about()
}

// isOption reports whether a condition is a parameter or field, or its negation: something that
// whoever sets it decides.
func isOption(cond ssa.Value) bool {
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		cond = not.X
	}
	switch v := cond.(type) {
	case *ssa.Parameter:
		return true
	case *ssa.UnOp:
		_, ok := v.X.(*ssa.FieldAddr)
		return ok && v.Op == token.MUL
	}
	return false
}

// releases reports whether a block does no more than to release the resource, or to see to it that it will be,
// before it goes on to another one.
func (w *walk) releases(st *state, b, then *ssa.BasicBlock) bool {
	if len(b.Preds) != 1 || len(b.Succs) != 1 || b.Succs[0] != then {
		return false
	}
	q := *w.q
	defer func() { *w.q = q }()
	next := st.clone()
	return slices.ContainsFunc(b.Instrs, func(in ssa.Instruction) bool { return w.instr(next, in) == release })
}

// learn notes what a condition says on the way on which it is as given.
func (w *walk) learn(st *state, cond ssa.Value, is bool) {
	if cmp, ok := cond.(*ssa.BinOp); ok && (cmp.Op == token.EQL || cmp.Op == token.NEQ) {
		x := cmp.X
		if isNilConst(x) {
			x = cmp.Y
		}
		if (isNilConst(cmp.X) || isNilConst(cmp.Y)) && st.of(x) == unrelated {
			c := notNil
			if is == (cmp.Op == token.EQL) {
				c = isNil
			}
			st.vals[x] = c
			if c == notNil && w.acq.Kind == Writer && saysOf(st, x) {
				st.broken = true
			}
			if load, ok := x.(*ssa.UnOp); ok && load.Op == token.MUL {
				if _, local := load.X.(*ssa.Alloc); local {
					st.cells[load.X] = c
				}
			}
		}
	}
	w.note(st, cond, is)
}

// saysOf reports whether a value is the error of a method of the resource.
func saysOf(st *state, v ssa.Value) bool {
	if !tellsError(v.Type()) {
		return false
	}
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	if call.Call.IsInvoke() {
		return st.of(call.Call.Value).about()
	}
	fn := call.Call.StaticCallee()
	return fn != nil && fn.Signature.Recv() != nil && st.of(call.Call.Args[0]).about()
}

// note notes a condition and what it rules out, as far as other branches depend on that.
func (w *walk) note(st *state, cond ssa.Value, is bool) {
	key, negated := condition(cond)
	if key != "" && w.conditions()[key] > 1 {
		st.facts[key] = is != negated
	}
	for _, other := range ruledOut(cond, is) {
		if w.conditions()[other] > 0 {
			st.facts[other] = false
		}
	}
}

// conditions counts how many branches of the function depend on each condition.
func (w *walk) conditions() map[string]int {
	if m, ok := w.conds[w.fn]; ok {
		return m
	}
	m := make(map[string]int)
	w.conds[w.fn] = m
	for _, b := range w.fn.Blocks {
		if len(b.Instrs) > 0 {
			if in, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
				if key, _ := condition(in.Cond); key != "" {
					m[key]++
				}
				if cmp, ok := in.Cond.(*ssa.BinOp); ok {
					merged(cmp, func(key string) { m[key]++ })
				}
			}
		}
	}
	return m
}

// edge goes on from one block to the next.
func (w *walk) edge(from, to *ssa.BasicBlock, st *state) {
	at := slices.Index(to.Preds, from)
	type assignment struct {
		phi   *ssa.Phi
		c     class
		facts map[string]verdict
	}
	var list []assignment
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		list = append(list, assignment{phi, w.assigned(st, phi.Edges[at]), w.inherited(st, phi, phi.Edges[at])})
	}
	for _, as := range list {
		st.set(as.phi, as.c)
		for key, v := range as.facts {
			if delete(st.facts, key); v != open {
				st.facts[key] = v == yes
			}
		}
	}
	if to.Dominates(from) {
		clear(st.facts) // the next round decides anew
	}
	if !st.held() {
		w.lose(st, &Loss{Again: true})
		return
	}
	w.fuel -= 8 + len(st.vals) + len(st.cells) + len(st.facts)
	key := w.key(to, st)
	if w.visited[key] || len(w.visited) > maxStates || w.fuel <= 0 {
		return
	}
	w.visited[key] = true
	w.block(to, 0, st)
}

// allConst reports whether all that is returned are constants.
func allConst(results []ssa.Value) bool {
	return !slices.ContainsFunc(results, func(r ssa.Value) bool {
		_, ok := r.(*ssa.Const)
		return !ok
	})
}

// leave judges a return.
func (w *walk) leave(ret *ssa.Return, st *state) {
	for i, r := range ret.Results {
		if w.inflates(st, r) {
			st.inflated = r
		} else if c := st.of(r); c.about() {
			w.q.HandedOn = true
			if c == itself || c == holder {
				w.returned[i] = w.returned[i] || c == holder
			}
			return
		}
	}
	if w.acq.Kind == Writer && st.fails {
		w.lose(st, &Loss{Return: ret, Again: st.again, Failed: true})
		return
	}
	l := &Loss{Return: ret, Again: st.again, Failed: w.acq.Kind == Writer && w.failed(ret, st)}
	if st.inflated != nil {
		l.Inflated = inflater(st.inflated)
	}
	w.lose(st, l)
}

// failed reports whether a return of a function that writes is one for a failure.
func (w *walk) failed(ret *ssa.Return, st *state) bool {
	if len(ret.Results) == 0 {
		return false
	}
	last := ret.Results[len(ret.Results)-1]
	return st.broken && allConst(ret.Results) || tellsError(last.Type()) && st.of(last) == notNil ||
		w.inMemory() && !slices.ContainsFunc(ret.Results, func(r ssa.Value) bool { return !lazyssa.IsZero(r) })
}
