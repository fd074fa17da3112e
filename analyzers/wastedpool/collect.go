package wastedpool

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A pool is one variable that is a sync.Pool, or several that are the same one. A
// field of a struct type counts once, whatever structs there are.
type pool struct {
	nodes    []any // *ssa.Global, *ssa.Alloc, *ssa.Parameter, or *types.Var of a field
	gets     []*site
	puts     []*site
	news     []ssa.Value // what its field New is set to
	newCalls []*ssa.Call // direct calls of New
	wild     bool        // others may use it in ways that are not seen
	many     bool        // it is an array or slice of pools, or several pools that code chooses from
	merged   *pool       // the pool that this one turned out to be
}

// A site is one call of Get or Put.
type site struct {
	fn   *ssa.Function
	call ssa.CallInstruction
	base *ssa.Global // the package variable that has the pool as its field, if the call names one
}

// object returns what is put back, or what Get yields.
func (s *site) object() ssa.Value {
	if args := s.call.Common().Args; len(args) == 2 {
		return args[1]
	}
	return s.call.Value()
}

// collect finds the pools of the package and all that is done with them.
func (c *checker) collect() {
	c.funcs = c.prog.Funcs
	if init := c.prog.Pkg.Func("init"); init != nil {
		c.funcs = append(slices.Clip(c.funcs), init)
	}
	c.byNode = make(map[any]*pool)
	c.callers = make(map[*ssa.Function][]ssa.CallInstruction)
	for _, fn := range c.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok {
					if callee := c.local(call.Common().StaticCallee()); callee != nil {
						c.callers[callee] = append(c.callers[callee], call)
					}
				}
				for i, op := range instr.Operands(nil) {
					if *op != nil && holdsPool((*op).Type()) {
						c.use(fn, instr, i, *op)
					}
				}
			}
		}
	}
	c.pools = slices.DeleteFunc(c.pools, func(p *pool) bool { return p.merged != nil })
}

// holdsPool reports whether t is a pointer to a pool, or to such a pointer.
func holdsPool(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	return ok && lint.IsNamed(lint.Deref(p.Elem()), "sync", "Pool")
}

// use notes what an instruction does with v, the address of a pool.
func (c *checker) use(fn *ssa.Function, instr ssa.Instruction, i int, v ssa.Value) {
	pools := c.poolsOf(v)
	direct := lint.IsNamed(lint.Deref(v.Type()), "sync", "Pool")
	switch instr := instr.(type) {
	case ssa.CallInstruction:
		common := instr.Common()
		s := &site{fn: fn, call: instr, base: baseOf(v)}
		switch {
		case poolMethod(common, "Get"):
			for _, p := range pools {
				p.gets = append(p.gets, s)
			}
			return
		case poolMethod(common, "Put"):
			for _, p := range pools {
				p.puts = append(p.puts, s)
			}
			return
		case isBuiltin(common, "ssa:wrapnilchk"):
			return
		}
	case *ssa.FieldAddr:
		c.newField(pools, instr)
		return
	case *ssa.UnOp:
		if instr.Op == token.MUL && (!direct || copiedOnly(instr)) {
			return
		}
	case *ssa.Store:
		if c.store(pools, instr, v) {
			return
		}
	case *ssa.MakeClosure:
		if closure, ok := instr.Fn.(*ssa.Function); ok && closure.Synthetic == "" {
			return
		}
	case *ssa.Return:
		if obj, ok := fn.Object().(*types.Func); ok && !obj.Exported() && obj.Signature().Recv() == nil {
			return // its callers are seen
		}
	case *ssa.Phi, *ssa.BinOp, *ssa.DebugRef:
		return
	}
	for _, p := range pools {
		p.wild = true
	}
}

// store notes a store of or to a pool, and reports whether it is understood.
func (c *checker) store(pools []*pool, st *ssa.Store, v ssa.Value) bool {
	if st.Addr != v {
		return true // seen as a store to the other side, unless that is no pool
	}
	val := st.Val
	if k, ok := val.(*ssa.Const); ok && k.Value == nil {
		return true
	}
	if load, ok := val.(*ssa.UnOp); ok && load.Op == token.MUL && lint.IsNamed(load.Type(), "sync", "Pool") {
		val = load.X // a literal that is copied to its place
	}
	from := c.poolsOf(val)
	if len(from) == 0 || len(pools) == 0 {
		for _, p := range from {
			p.wild = true
		}
		return false
	}
	for _, p := range from {
		c.unite(pools[0], p)
	}
	return true
}

// copiedOnly reports whether a pool is loaded only to be stored as a whole, as
// the code for a literal does.
func copiedOnly(load *ssa.UnOp) bool {
	for _, ref := range *load.Referrers() {
		if _, ok := ref.(*ssa.Store); !ok {
			return false
		}
	}
	return true
}

// newField notes what happens to the field New of the pools.
func (c *checker) newField(pools []*pool, field *ssa.FieldAddr) {
	for _, ref := range *field.Referrers() {
		for _, p := range pools {
			switch ref := ref.(type) {
			case *ssa.Store:
				if ref.Addr == field {
					p.news = append(p.news, ref.Val)
				}
			case *ssa.UnOp:
				for _, use := range *ref.Referrers() {
					if call, ok := use.(*ssa.Call); ok && call.Call.Value == ref {
						p.newCalls = append(p.newCalls, call)
					}
				}
			default:
				p.wild = true
			}
		}
	}
}

// poolsOf returns the pools that v may be, or be the address of.
func (c *checker) poolsOf(v ssa.Value) (list []*pool) {
	nodes, many := c.nodes(v, 0)
	for _, n := range nodes {
		p := c.byNode[n]
		if p == nil {
			_, given := n.(*ssa.Parameter)
			p = &pool{nodes: []any{n}, wild: given}
			c.byNode[n] = p
			c.pools = append(c.pools, p)
		}
		for p.merged != nil {
			p = p.merged
		}
		p.many = p.many || many || len(nodes) > 1
		if !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

func (c *checker) unite(p, q *pool) {
	for p.merged != nil {
		p = p.merged
	}
	for q.merged != nil {
		q = q.merged
	}
	if p == q {
		return
	}
	p.many = p.many || q.many || p.named() && q.named()
	p.nodes = append(p.nodes, q.nodes...)
	p.gets = append(p.gets, q.gets...)
	p.puts = append(p.puts, q.puts...)
	p.news = append(p.news, q.news...)
	p.newCalls = append(p.newCalls, q.newCalls...)
	p.wild = p.wild || q.wild
	q.merged = p
}

// named reports whether the pool has a name beyond a function.
func (p *pool) named() bool {
	return slices.ContainsFunc(p.nodes, func(n any) bool { _, local := n.(*ssa.Alloc); return !local })
}

// nodes returns the variables that v is the value or the address of.
func (c *checker) nodes(v ssa.Value, depth int) (list []any, many bool) {
	if depth > 8 || v == nil {
		return nil, false
	}
	switch v := v.(type) {
	case *ssa.Global:
		return []any{v}, false
	case *ssa.Alloc:
		return []any{v}, false
	case *ssa.Parameter:
		return []any{v}, false
	case *ssa.FieldAddr:
		if alloc, ok := v.X.(*ssa.Alloc); ok && onlyPool(alloc) {
			return []any{alloc}, false
		}
		return []any{lazyssa.Var(v.X.Type(), v.Field)}, false
	case *ssa.Field:
		return []any{lazyssa.Var(v.X.Type(), v.Field)}, false
	case *ssa.IndexAddr:
		list, _ = c.nodes(v.X, depth+1)
		return list, true
	case *ssa.Index:
		list, _ = c.nodes(v.X, depth+1)
		return list, true
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return c.nodes(v.X, depth+1)
		}
	case *ssa.FreeVar:
		return c.nodes(lazyssa.Binding(v), depth+1)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if e == v {
				continue
			}
			more, m := c.nodes(e, depth+1)
			many = many || m
			for _, n := range more {
				if !slices.Contains(list, n) {
					list = append(list, n)
				}
			}
		}
		return list, many
	case *ssa.Call:
		callee := c.local(v.Call.StaticCallee())
		if callee == nil || callee.Signature.Results().Len() != 1 {
			return nil, false
		}
		for _, r := range returned(callee, 0) {
			more, m := c.nodes(r, depth+1)
			list, many = append(list, more...), many || m
		}
		return list, many
	}
	return nil, false
}

// onlyPool reports whether a local variable is a struct around one pool, which nobody else has.
func onlyPool(alloc *ssa.Alloc) bool {
	st, ok := lint.Deref(alloc.Type()).Underlying().(*types.Struct)
	return ok && st.NumFields() == 1 && !slices.ContainsFunc(*alloc.Referrers(), func(ref ssa.Instruction) bool {
		_, ok := ref.(*ssa.FieldAddr)
		return !ok
	})
}

// baseOf returns the package variable whose field the pool at v is, or nil.
func baseOf(v ssa.Value) *ssa.Global {
	for {
		switch x := v.(type) {
		case *ssa.Global:
			return x
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.UnOp:
			v = x.X
		default:
			return nil
		}
	}
}

// name returns what a reader knows the pool as.
func (p *pool) name() string {
	for _, n := range p.nodes {
		switch n := n.(type) {
		case *ssa.Global:
			return n.Name()
		case *types.Var:
			return n.Name()
		case *ssa.Parameter:
			return n.Name()
		}
	}
	for _, n := range p.nodes {
		if alloc, ok := n.(*ssa.Alloc); ok && token.IsIdentifier(alloc.Comment) && alloc.Comment != "complit" && alloc.Comment != "new" {
			return alloc.Comment
		}
	}
	return "the pool"
}
