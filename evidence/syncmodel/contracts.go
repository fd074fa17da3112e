package syncmodel

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A Contract says that a function leaves its caller with a goroutine that ends only when
// a method of an object is called, or a function that it returns.
type Contract struct {
	Fn      *ssa.Function
	Gate    *Gate    // nil if the goroutine is started by another function, which returned what ends it
	Object  int      // result of Fn that is the object, -1 for the receiver
	Context int      // parameter of Fn whose end ends the goroutine, too; -1 if there is none
	Ends    []string // methods that end it; none if the object is itself a function that does
	Keeps   []string // methods that neither end it nor let anybody else get hold of the object

	fields map[*types.Var]bool // of the object, that end the goroutine
	ranges map[*types.Var]bool // of these, those that do so only when they are closed
}

// By returns the contract of a function that has got the object by way of Fn and hands
// it on as its own result.
func (c *Contract) By(fn *ssa.Function, object, context int) *Contract {
	d := *c
	d.Fn, d.Object, d.Context = fn, object, context
	return &d
}

// EndedBy reports whether the goroutine can be ended by a field of the object.
func (c *Contract) EndedBy(f *types.Var) bool { return c.fields[f] }

// Open reports whether other packages can end it that way.
func (c *Contract) Open() bool {
	for f := range c.fields {
		if f.Exported() {
			return true
		}
	}
	return false
}

// Contracts returns the contracts of the declared functions of a package.
func (m *Model) Contracts() (cs []*Contract) {
	for _, g := range m.Gates() {
		fn := g.Go.Parent()
		if fn.Parent() != nil || fn.Object() == nil || fn.Origin() != nil {
			continue
		}
		m.mu.Lock()
		c := m.contract(g, fn)
		if c == nil {
			c = m.stop(g, fn)
		}
		if c != nil {
			cs = append(cs, c)
		}
		m.mu.Unlock()
	}
	return cs
}

func (m *Model) contract(g *Gate, fn *ssa.Function) *Contract {
	c := &Contract{Fn: fn, Gate: g, Context: -1, fields: make(map[*types.Var]bool), ranges: make(map[*types.Var]bool)}
	var owner ssa.Value
	for _, s := range g.Waits {
		o, f, ctx := m.owner(s, fn)
		if o == nil || owner != nil && o != owner || ctx >= 0 && c.Context >= 0 && ctx != c.Context {
			return nil
		}
		owner, c.Context = o, max(ctx, c.Context)
		c.fields[f] = true
		if u, ok := s.At.(*ssa.UnOp); ok && IsRange(u) {
			c.ranges[f] = true
		}
		if s.Chan != nil && !m.onlyThrough(m.node(s.Chan), c.fields) {
			return nil
		}
	}
	return m.complete(c, owner, g.Go)
}

// Holds returns the contract of a function that keeps what ends a goroutine, a function that a call
// has returned, in a field of the object that it makes, and does nothing else with it; or nil.
// The contract has no gate: the goroutine is started elsewhere.
func (m *Model) Holds(call *ssa.Call, end ssa.Value, context int) *Contract {
	m.mu.Lock()
	defer m.mu.Unlock()
	fn := call.Parent()
	var kept *ssa.Store
	for _, ref := range *end.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			if kept != nil || ref.Val != end {
				return nil
			}
			kept = ref
		default:
			return nil
		}
	}
	if kept == nil {
		return nil
	}
	fa, ok := kept.Addr.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	m.indexFields()
	f := m.fieldOf(fa.X.Type(), fa.Field)
	if slices.ContainsFunc(m.fieldStores[f], func(st *ssa.Store) bool { return !m.setsUp(st) }) {
		return nil // another function may take its place
	}
	c := &Contract{Fn: fn, Context: context, fields: map[*types.Var]bool{f: true}}
	return m.complete(c, m.object(fa.X), call)
}

// setsUp reports whether a store is to a field of an object that its function makes.
func (m *Model) setsUp(st *ssa.Store) bool {
	fa, ok := st.Addr.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	_, fresh := m.object(fa.X).(*ssa.Alloc)
	return fresh
}

// complete finds out what the methods of an object do about its goroutine, which starts with a
// call; nil if the caller does not get the object, or nothing ends the goroutine.
func (m *Model) complete(c *Contract, owner ssa.Value, start ssa.CallInstruction) *Contract {
	named, ok := types.Unalias(lint.Deref(owner.Type())).(*types.Named)
	if !ok || named.Obj().Pkg() != m.pass.Pkg || !m.locate(c, owner, start.Block()) {
		return nil
	}
	k := &keeper{m: m, c: c, memo: make(map[keeperKey]bool)}
	if !k.keeps(owner, true) {
		return nil
	}
	all := &keeper{m: m, c: c, close: true}
	rank := make(map[string]int) // those first that end all, and that others can call
	for method := range named.Origin().Methods() {
		f := m.ssa.Pkg.Prog.FuncValue(method)
		if f == nil || len(f.Blocks) == 0 {
			continue
		}
		if k.param(f, 0) {
			c.Keeps = append(c.Keeps, f.Name())
		} else if !m.goes(f) && k.ends(f, make(map[*ssa.Function]bool)) {
			c.Ends = append(c.Ends, f.Name())
			if all.ends(f, make(map[*ssa.Function]bool)) {
				rank[f.Name()] -= 2
			}
			if token.IsExported(f.Name()) {
				rank[f.Name()]--
			}
		}
	}
	slices.Sort(c.Keeps)
	slices.SortFunc(c.Ends, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank[a], rank[b]), cmp.Compare(a, b))
	})
	if len(c.Ends) == 0 {
		return nil
	}
	return c
}

// locate finds where a caller gets the object from, if every return comes after the
// goroutine has been started.
func (m *Model) locate(c *Contract, owner ssa.Value, start *ssa.BasicBlock) bool {
	if p, ok := owner.(*ssa.Parameter); ok {
		c.Object = -1
		if c.Fn.Signature.Recv() == nil || p != c.Fn.Params[0] {
			return false
		}
	} else {
		c.Object = -2
	}
	for _, b := range c.Fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		at := -1
		for i, r := range ret.Results {
			if r == owner || m.object(r) == owner {
				at = i
			}
		}
		switch {
		case c.Object != -1 && at < 0:
			if !slices.ContainsFunc(ret.Results, lazyssa.IsZero) {
				return false
			}
		case !m.leadsTo(start).Dominates(b) || c.Object >= 0 && at != c.Object:
			return false
		case c.Object == -2:
			c.Object = at
		}
	}
	return c.Object >= -1
}

// leadsTo returns the block from which another is come to, in every round of the loops around it:
// what is started for each of several workers is started, though there might be none.
func (m *Model) leadsTo(b *ssa.BasicBlock) *ssa.BasicBlock {
	for l := m.loopsOf(b.Parent())[b]; l != nil && l.kind != rangeLoop; l = l.outer {
		if slices.ContainsFunc(l.header.Preds, func(latch *ssa.BasicBlock) bool { return l.body[latch] && !b.Dominates(latch) }) {
			return b
		}
		if b = l.header; l.pre != nil { // tested before the first round
			b = l.pre.Block()
		}
	}
	return b
}

// Always reports whether a function has come by a call, made once or in a loop, whichever way it
// returns.
func (m *Model) Always(call *ssa.Call) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	fn, from := call.Parent(), m.leadsTo(call.Block())
	return !slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
		_, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		return ok && b != fn.Recover && !from.Dominates(b)
	})
}

// owner returns the object of fn with the field that ends a wait, and the parameter of
// fn that does so too.
func (m *Model) owner(s *Await, fn *ssa.Function) (owner ssa.Value, f *types.Var, ctx int) {
	if s.Chan != nil {
		owner, f = m.fieldIn(s.Chan, s.in, fn)
		return owner, f, -1
	}
	v, act := m.trace(s.Context, s.in)
	if o, field := m.fieldIn(v, act, fn); o != nil {
		m.indexFields()
		sts := m.fieldStores[field]
		if len(sts) != 1 || sts[0].Parent() != fn {
			return nil, nil, -1
		}
		v, _ = m.trace(sts[0].Val, nil)
	}
	x, ok := v.(*ssa.Extract)
	if !ok || x.Parent() != fn || x.Index != 0 {
		return nil, nil, -1
	}
	call := cancellable(x)
	if call == nil {
		return nil, nil, -1
	}
	ctx, ok = m.until(call, fn)
	if !ok {
		return nil, nil, -1
	}
	for _, ref := range *call.Referrers() {
		cancel, ok := ref.(*ssa.Extract)
		if !ok || cancel.Index != 1 {
			continue
		}
		for _, ref := range *cancel.Referrers() { // stored once, in the object, and nothing else
			st, ok := ref.(*ssa.Store)
			if !ok {
				if _, debug := ref.(*ssa.DebugRef); debug {
					continue
				}
				return nil, nil, -1
			}
			fa, ok := st.Addr.(*ssa.FieldAddr)
			if !ok || owner != nil {
				return nil, nil, -1
			}
			owner, f = m.object(fa.X), m.fieldOf(fa.X.Type(), fa.Field)
		}
	}
	return owner, f, ctx
}

// cancellable returns the call that makes a context together with the function that cancels it, of
// which x is a result; or nil.
func cancellable(x *ssa.Extract) *ssa.Call {
	call, ok := x.Tuple.(*ssa.Call)
	if !ok || !lint.IsFunc(lazyssa.Callee(call), "context", "WithCancel", "WithCancelCause") {
		return nil
	}
	return call
}

// until returns the parameter of fn whose end ends the context that a call derives, too; -1 if there
// is none. It is not ok if something else may end it.
func (m *Model) until(call *ssa.Call, fn *ssa.Function) (ctx int, ok bool) {
	parent, _ := m.trace(call.Call.Args[0], nil)
	switch p := parent.(type) {
	case *ssa.Parameter:
		return slices.Index(fn.Params, p), true
	case *ssa.Call:
		return -1, lint.IsEndlessContext(lazyssa.Callee(p))
	}
	return -1, false
}

// fieldIn returns the object of fn, and its field, that a value is loaded from.
func (m *Model) fieldIn(v ssa.Value, act *activation, fn *ssa.Function) (ssa.Value, *types.Var) {
	var base ssa.Value
	var f *types.Var
	switch v := v.(type) {
	case *ssa.UnOp:
		fa, ok := v.X.(*ssa.FieldAddr)
		if !ok || v.Op != token.MUL {
			return nil, nil
		}
		base, f = fa.X, m.fieldOf(fa.X.Type(), fa.Field)
	case *ssa.Field:
		base, f = v.X, m.fieldOf(v.X.Type(), v.Field)
	}
	if f == nil {
		return nil, nil
	}
	base, at := m.trace(base, act)
	base = m.object(base)
	if at == nil || at.fn != fn || base.Parent() != fn {
		return nil, nil
	}
	return base, f
}

// object returns the parameter that a local copy, as of a captured receiver, is of.
func (m *Model) object(v ssa.Value) ssa.Value {
	v, _ = m.trace(v, nil)
	if a, ok := v.(*ssa.Alloc); ok {
		if sts := stores(a); len(sts) == 1 {
			if p, ok := sts[0].Val.(*ssa.Parameter); ok {
				return p
			}
		}
	}
	return v
}

// onlyThrough reports whether a channel is closed and sent to only through one of the
// fields, by code of the package.
func (m *Model) onlyThrough(c *Class, fields map[*types.Var]bool) bool {
	if c.outside != 0 {
		return false
	}
	for _, op := range c.ops {
		if op.Kind != Close && op.Kind != Send {
			continue
		}
		v, _ := m.trace(op.Object, nil)
		var f *types.Var
		switch v := v.(type) {
		case *ssa.UnOp:
			if fa, ok := v.X.(*ssa.FieldAddr); ok {
				f = m.fieldOf(fa.X.Type(), fa.Field)
			}
		case *ssa.Field:
			f = m.fieldOf(v.X.Type(), v.Field)
		}
		if f == nil || !fields[f] {
			return false
		}
	}
	return true
}
