package wastedpool

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/poolflow"
	"github.com/heapvet/heapvet/lint"
)

// locals reports pools that live for one call of a function, in which no Get
// comes after a Put, or there is one object at a time.
func (c *checker) locals() {
	for _, p := range c.pools {
		fn, made := home(p)
		if fn == nil || p.wild || len(p.gets) == 0 || fn.Name() == "main" || fn.Name() == "init" || fn.Synthetic != "" {
			continue
		}
		why := "so its Get finds nothing to reuse: make the pool a package variable, or do without"
		if !c.atOnce(p, fn) {
			if !c.byTurns(p, fn) {
				continue
			}
			why = "for one object at a time: make that before the loop, or make the pool a package variable"
		}
		from, to, name := made.Pos(), made.Pos(), p.name()
		if id := nodeAt(c, made.Pos(), func(*ast.Ident) bool { return true }); id != nil {
			from, to = id.Pos(), id.End()
		}
		if stmt := nodeAt(c, made.Pos(), func(s *ast.AssignStmt) bool { return len(s.Lhs) == 1 }); stmt != nil {
			if id, ok := stmt.Lhs[0].(*ast.Ident); ok {
				from, to, name = id.Pos(), id.End(), id.Name
			}
		}
		c.report(analysis.Diagnostic{
			Pos: from, End: to, Category: perCall,
			Message: fmt.Sprintf("%s is made on each call, %s", name, why),
			Related: []analysis.RelatedInformation{c.related(p.gets[0].call, "taken here")},
		})
	}
}

// home returns the function whose local variable the pool is, and the variable.
func home(p *pool) (fn *ssa.Function, made *ssa.Alloc) {
	for _, n := range p.nodes {
		alloc, ok := n.(*ssa.Alloc)
		if !ok || fn != nil && alloc.Parent() != fn {
			return nil, nil
		}
		fn = alloc.Parent()
		if made == nil || !token.IsIdentifier(made.Comment) || made.Comment == "complit" || made.Comment == "new" {
			made = alloc
		}
	}
	return fn, made
}

// atOnce reports whether every Get of a local pool runs in the function itself, before
// any Put, which may be in a deferred function.
func (c *checker) atOnce(p *pool, fn *ssa.Function) bool {
	for _, get := range p.gets {
		if get.fn != fn {
			return false
		}
	}
	for _, put := range p.puts {
		if put.fn != fn && !deferredIn(put.fn, fn) {
			return false
		}
		if put.fn != fn {
			continue
		}
		if _, deferred := put.call.(*ssa.Defer); deferred {
			continue
		}
		for _, get := range p.gets {
			if after(put.call, get.call) && !c.freshBetween(p, get.call) {
				return false
			}
		}
	}
	return !slices.ContainsFunc(p.nodes, func(n any) bool { return captured(n.(*ssa.Alloc), p) })
}

// byTurns reports whether a local pool is used by the function itself only, in one place that takes an object
// which goes nowhere else before it is put back.
func (c *checker) byTurns(p *pool, fn *ssa.Function) bool {
	if len(p.gets) != 1 || len(p.puts) == 0 || p.gets[0].fn != fn || slices.ContainsFunc(p.puts, func(s *site) bool { return s.fn != fn || taken(s.object()) != p.gets[0].call.Value() }) {
		return false
	}
	if slices.ContainsFunc(p.nodes, func(n any) bool { return captured(n.(*ssa.Alloc), p) }) {
		return false
	}
	object := p.gets[0].call.Value()
	return object != nil && !handedOn(object, 0)
}

// taken returns the call that v is the result of, with its type asserted or not, nil if it is none.
func taken(v ssa.Value) *ssa.Call {
	for {
		switch x := lazyssa.Strip(v).(type) {
		case *ssa.TypeAssert:
			v = x.X
		case *ssa.Extract:
			v = x.Tuple
		case *ssa.Call:
			return x
		default:
			return nil
		}
	}
}

// freshBetween reports whether the pool itself is made anew on the way to a Get in
// the same block of a loop.
func (c *checker) freshBetween(p *pool, get ssa.CallInstruction) bool {
	return slices.ContainsFunc(p.nodes, func(n any) bool {
		alloc := n.(*ssa.Alloc)
		return lazyssa.Reaches(alloc.Block(), alloc.Block()) && alloc.Block().Dominates(get.Block())
	})
}

// captured reports whether a closure other than those that use the pool as was seen has it.
func captured(alloc *ssa.Alloc, p *pool) bool {
	for _, ref := range *alloc.Referrers() {
		mc, ok := ref.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		fn := mc.Fn.(*ssa.Function)
		if !slices.ContainsFunc(p.puts, func(s *site) bool { return s.fn == fn }) || !deferredIn(fn, mc.Parent()) {
			return true
		}
	}
	return false
}

// deferredIn reports whether the function literal is one that fn defers, and nothing else.
func deferredIn(lit, fn *ssa.Function) bool {
	if lit.Parent() != fn {
		return false
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			mc, ok := instr.(*ssa.MakeClosure)
			if !ok || mc.Fn != lit {
				continue
			}
			for _, ref := range *mc.Referrers() {
				if d, ok := ref.(*ssa.Defer); !ok || d.Call.Value != mc {
					return false
				}
			}
			return true
		}
	}
	return false
}

// lost reports objects that never come back.
func (c *checker) lost() {
	for _, p := range c.pools {
		for _, get := range p.gets {
			v := get.call.Value()
			if v != nil && len(*v.Referrers()) == 0 || v == nil {
				from, to := c.span(get.call)
				c.report(analysis.Diagnostic{
					Pos: from, End: to, Category: missedPut,
					Message: fmt.Sprintf("the object that this Get takes out of %s is thrown away", p.name()),
				})
			}
		}
		if len(p.gets) == 0 || len(p.puts) > 0 || p.wild || !c.closed(p) {
			continue
		}
		if fn, _ := home(p); fn != nil {
			continue // said as per-call
		}
		get := p.gets[0]
		if i := slices.IndexFunc(p.gets, func(s *site) bool { return !lint.IsTest(c.Pass, s.call.Pos()) }); i >= 0 {
			get = p.gets[i]
		}
		from, to := c.span(get.call)
		d := analysis.Diagnostic{
			Pos: from, End: to, Category: neverPut,
			Message: fmt.Sprintf("objects taken from %s are never put back: the pool only adds overhead", p.name()),
		}
		for _, n := range p.nodes {
			switch n := n.(type) {
			case *ssa.Global:
				d.Related = append(d.Related, analysis.RelatedInformation{Pos: n.Pos(), Message: "the pool"})
			case *types.Var:
				d.Related = append(d.Related, analysis.RelatedInformation{Pos: n.Pos(), Message: "the pool"})
			}
		}
		c.report(d)
	}
	c.lostElsewhere()
	for _, p := range c.flow.Pools {
		for _, get := range p.Gets {
			c.missed(p, get)
		}
	}
}

// closed reports whether nobody else can use the pool, and all that the package does
// with it has been seen.
func (c *checker) closed(p *pool) bool {
	for _, n := range p.nodes {
		switch n := n.(type) {
		case *ssa.Global:
			if c.visible(n.Object()) || !isPoolVar(n.Object().Type()) {
				return false
			}
		case *types.Var:
			if c.fieldVisible(n) || !isPoolVar(n.Type()) {
				return false
			}
		}
	}
	return true
}

// isPoolVar reports whether variables of type t are a pool, a pointer to one, or an array of pools.
func isPoolVar(t types.Type) bool {
	if a, ok := t.Underlying().(*types.Array); ok {
		t = a.Elem()
	}
	return lint.IsNamed(lint.Deref(t), "sync", "Pool")
}

// missed reports the returns of a function that drop an object which it puts back on other paths.
func (c *checker) missed(p *poolflow.Pool, get *poolflow.Get) {
	puts := make(map[*ssa.BasicBlock]bool)
	for _, put := range p.Puts {
		if put.Fn != get.Fn {
			continue
		}
		if _, deferred := put.Call.(*ssa.Defer); deferred {
			return
		}
		puts[put.Call.Block()] = true
	}
	// Where several paths put the object back, one that does not was forgotten.
	if len(puts) == 0 || len(puts) == 1 && !c.all || puts[get.Call.Block()] || handedOn(get.Object, 0) {
		return
	}
	// From the Get, without a Put: the branches after which none can come.
	seen := make(map[*ssa.BasicBlock]bool)
	var walk func(b *ssa.BasicBlock)
	walk = func(b *ssa.BasicBlock) {
		if seen[b] || puts[b] {
			return
		}
		seen[b] = true
		for _, s := range b.Succs {
			if !puts[s] && !reachesAny(s, puts) {
				if ret := returnFrom(s); ret != nil && !c.excused(b, get, p.Elem) && (c.all || !given(get.Object, s)) {
					c.reportMissed(p, get, ret)
				}
				continue
			}
			walk(s)
		}
	}
	walk(get.Call.Block())
}

// given reports whether a call on the way to the block gets the object as an argument: it
// may put it back, unless it fails.
func given(object ssa.Value, to *ssa.BasicBlock) bool {
	if object == nil || object.Referrers() == nil {
		return false
	}
	for _, ref := range *object.Referrers() {
		call, ok := ref.(*ssa.Call)
		if !ok || call.Block() != to && !lazyssa.Reaches(call.Block(), to) {
			continue
		}
		args := call.Call.Args
		if fn := call.Call.StaticCallee(); fn != nil && fn.Signature.Recv() != nil {
			args = args[1:]
		}
		if slices.Contains(args, object) {
			return true
		}
	}
	return false
}

func reachesAny(b *ssa.BasicBlock, set map[*ssa.BasicBlock]bool) bool {
	for x := range set {
		if b == x || lazyssa.Reaches(b, x) {
			return true
		}
	}
	return false
}

// returnFrom returns a return that control may come to from b.
func returnFrom(b *ssa.BasicBlock) *ssa.Return {
	for _, x := range b.Parent().Blocks {
		if x != b && !lazyssa.Reaches(b, x) || len(x.Instrs) == 0 {
			continue
		}
		if ret, ok := x.Instrs[len(x.Instrs)-1].(*ssa.Return); ok && ret.Pos().IsValid() {
			return ret
		}
	}
	return nil
}

// excused reports whether the branch at the end of b asks about the object itself: if
// there is one, or whether it is worth keeping.
func (c *checker) excused(b *ssa.BasicBlock, get *poolflow.Get, elem types.Type) bool {
	test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return true
	}
	if call := failed(test.Cond); call != nil && call != get.Call && poolflow.IsBuffer(elem) {
		return false // what fails with a buffer does not spoil it
	}
	return lazyssa.Mentions(test.Cond, 6, func(v ssa.Value) bool {
		if ext, ok := v.(*ssa.Extract); ok && ext.Tuple == get.Call {
			return true // an error of the acquiring function: there is no object
		}
		return v == get.Object || types.Identical(v.Type(), elem) || isSize(v)
	})
}

// failed returns the call whose error a condition asks about, or nil.
func failed(cond ssa.Value) *ssa.Call {
	op, ok := cond.(*ssa.BinOp)
	if !ok || !lint.IsError(op.X.Type()) {
		return nil
	}
	v := op.X
	if ext, ok := v.(*ssa.Extract); ok {
		v = ext.Tuple
	}
	call, _ := v.(*ssa.Call)
	return call
}

func (c *checker) reportMissed(p *poolflow.Pool, get *poolflow.Get, ret *ssa.Return) {
	stmt := nodeAt(c, ret.Pos(), func(s *ast.ReturnStmt) bool { return s.Pos() == ret.Pos() })
	if stmt == nil {
		return
	}
	c.report(analysis.Diagnostic{
		Pos: stmt.Pos(), End: stmt.End(), Category: missedPut,
		Message: fmt.Sprintf("this return drops the %s from %s without Put; the GC reclaims it, but pooling is defeated", c.typeName(p.Elem), p.Name),
		Related: []analysis.RelatedInformation{c.related(get.Call, "taken from the pool here")},
	})
}

// handedOn reports whether a value, or a part of it, goes where it may be kept.
func handedOn(v ssa.Value, depth int) bool {
	if depth > 10 || v.Referrers() == nil {
		return true
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Return, *ssa.Send, *ssa.MapUpdate, *ssa.MakeClosure, *ssa.Go, *ssa.Select, *ssa.Defer:
			return true
		case *ssa.Store:
			if ref.Val == v {
				return true
			}
		case *ssa.MakeInterface:
			for _, use := range *ref.Referrers() {
				if _, ok := use.(*ssa.Call); !ok {
					return true
				}
			}
		case *ssa.TypeAssert, *ssa.Extract, *ssa.Phi, *ssa.ChangeType, *ssa.Slice, *ssa.FieldAddr:
			if handedOn(ref.(ssa.Value), depth+1) {
				return true
			}
		case *ssa.UnOp:
			if sharesMemory(ref.Type()) && handedOn(ref, depth+1) {
				return true
			}
		case *ssa.Call:
			if sharesMemory(ref.Type()) && handedOn(ref, depth+1) {
				return true
			}
		}
	}
	return false
}

func sharesMemory(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Interface:
		return !lint.IsError(t)
	}
	return false
}
