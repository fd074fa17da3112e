package syncmodel

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// A Pending is a bare receive of the answer to a request that is kept in a map, or in a slice, until the answer
// comes in. The goroutine that finds it there and answers may fail, and tells nobody of those who are left there.
type Pending struct {
	Recv   *Op
	Answer *Op           // the send or close
	Fn     *ssa.Function // of the goroutine
	Ret    *ssa.Return   // for an error, from which no answer is come to any more
	In     *types.Var    // the field that has the requests
}

// Pending returns the waits for answers of the package that may stay without one.
func (m *Model) Pending() (found []*Pending) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.outside != 0 || len(c.makes) == 0 || c.Has(Range, Measure) {
			continue
		}
		var answers []*Op
		var wait *Op
		for _, op := range c.ops {
			switch {
			case op.Kind == Send || op.Kind == Close:
				answers = append(answers, op)
			case op.Kind == Recv && op.Bare() && wait == nil && !m.tests.Has(op.Instr.Pos()):
				wait = op
			}
		}
		if wait == nil || len(functions(answers)) != 1 {
			continue
		}
		requests := m.requestsOf(answers)
		if requests == nil {
			continue
		}
		l, fn := m.loopOf(answers)
		if l == nil || !m.aloneInGoroutine(fn) {
			continue
		}
		if ret := m.failsIn(l, fn); ret != nil {
			found = append(found, &Pending{wait, answers[0], fn, ret, requests})
		}
	}
	return found
}

// requestsOf returns the field in which all answers find whom to answer, if nothing else is done with that than to
// put something in, to look it up and to take it out; or nil.
func (m *Model) requestsOf(answers []*Op) (field *types.Var) {
	for _, op := range answers {
		f := m.keptIn(op.Object, 2)
		if f == nil || field != nil && f != field {
			return nil
		}
		field = f
	}
	if m.named(field) {
		return nil
	}
	for fa, use := range m.ssa.UsesOf(field) {
		switch use := use.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			if use.Addr != fa || !m.setsUp(use) && !ofItself(use.Val, field) {
				return nil
			}
		case *ssa.UnOp:
			if !oneByOne(use, field) {
				return nil
			}
		default:
			return nil
		}
	}
	return field
}

// keptIn returns the field of the map or slice in which a value has been found, perhaps by the callers of its
// function, so many calls away; or nil.
func (m *Model) keptIn(v ssa.Value, depth int) *types.Var {
	for ; v != nil; v = derivation(v) {
		switch x := v.(type) {
		case *ssa.Lookup:
			return loadedField(x.X)
		case *ssa.IndexAddr:
			return loadedField(x.X)
		case *ssa.Parameter:
			fn := x.Parent()
			if depth == 0 || len(m.sites[fn]) != 1 || m.taken[fn] || m.named(fn.Object()) {
				return nil
			}
			return m.keptIn(m.sites[fn][0].Common().Args[slices.Index(fn.Params, x)], depth-1)
		}
	}
	return nil
}

// loadedField returns the field that a map or slice is loaded from, or nil.
func loadedField(v ssa.Value) *types.Var {
	if fa := lazyssa.FieldLoaded(v); fa != nil {
		return lazyssa.Field(fa).Origin()
	}
	return nil
}

// ofItself reports whether a slice is that of a field with more at its end, or a part of it.
func ofItself(v ssa.Value, field *types.Var) bool {
	switch v := v.(type) {
	case *ssa.Slice:
		return loadedField(v.X) == field
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "append" && loadedField(v.Call.Args[0]) == field
	}
	return false
}

// oneByOne reports whether a map or slice of a field is only used to look up, to put in and to take out one of
// what is in it, and to count.
func oneByOne(v ssa.Value, field *types.Var) bool {
	return !slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.Lookup, *ssa.IndexAddr, *ssa.BinOp:
			return false
		case *ssa.MapUpdate:
			return ref.Map != v
		case *ssa.Slice:
			return !onlyStored(ref, field)
		case *ssa.Call:
			b, ok := ref.Call.Value.(*ssa.Builtin)
			return !ok || b.Name() != "delete" && b.Name() != "len" && (b.Name() != "append" || ref.Call.Args[0] != v || !onlyStored(ref, field))
		}
		return true
	})
}

// onlyStored reports whether all that is done with a value is to store it in a field.
func onlyStored(v ssa.Value, field *types.Var) bool {
	return !slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
			return false
		case *ssa.Store:
			fa, ok := ref.Addr.(*ssa.FieldAddr)
			return !ok || lazyssa.Field(fa).Origin() != field
		}
		return true
	})
}

// loopOf returns the outermost loop that some operations of one function are in, or the calls of it and of
// those who alone call it, and the function that has the loop.
func (m *Model) loopOf(ops []*Op) (*loop, *ssa.Function) {
	fn := ops[0].Fn
	var at []ssa.Instruction
	for _, op := range ops {
		at = append(at, op.Instr)
	}
	for range 4 {
		in := m.loopsOf(fn)
		if l := in[at[0].Block()].outermost(); l != nil {
			if slices.ContainsFunc(at, func(instr ssa.Instruction) bool { return !l.body[instr.Block()] }) {
				return nil, nil
			}
			return l, fn
		}
		sites := m.sites[fn]
		if len(sites) == 0 || m.taken[fn] || m.named(fn.Object()) {
			break
		}
		at = at[:0]
		for _, site := range sites {
			if _, plain := site.(*ssa.Call); !plain || site.Parent() != sites[0].Parent() {
				return nil, nil
			}
			at = append(at, site)
		}
		fn = sites[0].Parent()
	}
	return nil, nil
}

// aloneInGoroutine reports whether a function is that of one goroutine, or is called by that once.
func (m *Model) aloneInGoroutine(fn *ssa.Function) bool {
	for range 3 {
		if m.onlyGoes(fn) {
			return len(m.startsOf(fn).calls) == 1 && !m.restarted(fn)
		}
		sites := m.sites[fn]
		if len(sites) != 1 || m.taken[fn] || m.named(fn.Object()) || m.loopsOf(sites[0].Parent())[sites[0].Block()] != nil {
			return false
		}
		fn = sites[0].Parent()
	}
	return false
}

// failsIn returns a return that is come to when a loop is left for an error which a call in it has met with.
func (m *Model) failsIn(l *loop, fn *ssa.Function) *ssa.Return {
	for _, b := range fn.Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !l.body[b] {
			continue
		}
		err := errorAsked(br.Cond)
		if err == nil || !ofCall(err, l) {
			continue
		}
		for i, to := range b.Succs {
			if cmp, ok := br.Cond.(*ssa.BinOp); ok && (cmp.Op == token.NEQ) != (i == 0) {
				continue // there is none
			}
			if ret := wayOutOf(to, l.header); ret != nil && !l.body[to] {
				return ret
			}
		}
	}
	return nil
}

// ofCall reports whether an error is a result of a call in a loop.
func ofCall(err ssa.Value, l *loop) bool {
	if load, ok := err.(*ssa.UnOp); ok {
		a, ok := load.X.(*ssa.Alloc)
		if !ok || len(stores(a)) != 1 {
			return false
		}
		err = stores(a)[0].Val
	}
	if x, ok := err.(*ssa.Extract); ok {
		err = x.Tuple
	}
	call, ok := err.(*ssa.Call)
	return ok && l.body[call.Block()]
}
