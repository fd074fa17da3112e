package wastedpool

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// mismatches reports pools of which Get, Put and New do not agree.
func (c *checker) mismatches() {
	for _, p := range c.pools {
		c.directNew(p)
		for _, put := range p.puts {
			c.typedNil(p, put)
		}
		if p.wild || p.many {
			continue
		}
		if !c.oneOwner(p) {
			continue // a struct type that others hold pools of several types in
		}
		made, known := c.newTypes(p)
		for _, get := range p.gets {
			c.assertion(p, get, made, known)
		}
		c.foreignPuts(p)
	}
}

// oneOwner reports whether all that is done with a pool is done with the same
// one: the field of one package variable, or that of the methods' receiver.
func (c *checker) oneOwner(p *pool) bool {
	sites := slices.Concat(p.gets, p.puts)
	return !slices.ContainsFunc(sites, func(s *site) bool { return s.base != sites[0].base })
}

// newTypes returns the types that New yields, and whether these are all.
func (c *checker) newTypes(p *pool) (list []types.Type, known bool) {
	if len(p.news) == 0 {
		return nil, c.neverSet(p)
	}
	for _, v := range p.news {
		var fn *ssa.Function
		switch v := lazyssa.Strip(v).(type) {
		case *ssa.Function:
			fn = v
		case *ssa.MakeClosure:
			fn = v.Fn.(*ssa.Function)
		}
		if fn == nil || len(fn.Blocks) == 0 {
			return nil, false
		}
		for _, r := range returned(fn, 0) {
			ts, ok := dynamicTypes(r, 0)
			if !ok {
				return nil, false
			}
			list = append(list, ts...)
		}
	}
	return list, len(list) > 0
}

// neverSet reports whether New is nil for good: nobody sets it, and nobody else can.
func (c *checker) neverSet(p *pool) bool {
	for _, n := range p.nodes {
		switch n := n.(type) {
		case *ssa.Global:
			if c.visible(n.Object()) {
				return false
			}
		case *types.Var:
			if c.fieldVisible(n) {
				return false
			}
			if !lint.IsNamed(n.Type(), "sync", "Pool") && !slices.ContainsFunc(p.nodes, isLiteral) {
				return false
			}
		}
	}
	if slices.ContainsFunc(p.nodes, isLiteral) {
		return true
	}
	return !slices.ContainsFunc(p.nodes, func(n any) bool {
		switch n := n.(type) {
		case *ssa.Global:
			return !lint.IsNamed(lint.Deref(n.Type()), "sync", "Pool")
		case *ssa.Alloc:
			return true
		}
		return false
	})
}

// isLiteral reports whether a node is the variable of a pool itself, made in a function.
func isLiteral(n any) bool {
	alloc, ok := n.(*ssa.Alloc)
	return ok && lint.IsNamed(lint.Deref(alloc.Type()), "sync", "Pool")
}

// visible reports whether other packages can name the object.
func (c *checker) visible(obj types.Object) bool {
	return obj != nil && obj.Exported() && c.Pkg.Name() != "main"
}

// fieldVisible reports whether other packages may use the field: it is exported, and
// so is a type that has it, or a value of such a type is turned into an interface.
func (c *checker) fieldVisible(f *types.Var) bool {
	if !f.Exported() {
		return false
	}
	if !f.Embedded() {
		return c.Pkg.Name() != "main"
	}
	for _, obj := range c.TypesInfo.Defs {
		tn, ok := obj.(*types.TypeName)
		if !ok {
			continue
		}
		if st, ok := tn.Type().Underlying().(*types.Struct); ok && hasField(st, f) && tn.Exported() && c.Pkg.Name() != "main" {
			return true
		}
	}
	for _, fn := range c.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if mi, ok := instr.(*ssa.MakeInterface); ok {
					if st, ok := lint.Deref(mi.X.Type()).Underlying().(*types.Struct); ok && hasField(st, f) {
						return true
					}
				}
			}
		}
	}
	return false
}

func hasField(st *types.Struct, f *types.Var) bool {
	for g := range st.Fields() {
		if g.Origin() == f {
			return true
		}
		if g.Embedded() {
			if inner, ok := lint.Deref(g.Type()).Underlying().(*types.Struct); ok && hasField(inner, f) {
				return true
			}
		}
	}
	return false
}

// dynamicTypes returns the concrete types that the interface v may hold.
func dynamicTypes(v ssa.Value, depth int) (list []types.Type, ok bool) {
	switch v := v.(type) {
	case *ssa.MakeInterface:
		if generic(v.X.Type()) {
			return nil, false
		}
		return []types.Type{v.X.Type()}, true
	case *ssa.Phi:
		if depth > 4 {
			return nil, false
		}
		for _, e := range v.Edges {
			ts, ok := dynamicTypes(e, depth+1)
			if !ok {
				return nil, false
			}
			list = append(list, ts...)
		}
		return list, true
	}
	return nil, false
}

// generic reports whether t has type parameters in it.
func generic(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Pointer:
		return generic(t.Elem())
	case *types.Slice:
		return generic(t.Elem())
	case *types.Array:
		return generic(t.Elem())
	case *types.Chan:
		return generic(t.Elem())
	case *types.Map:
		return generic(t.Key()) || generic(t.Elem())
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if generic(a) {
				return true
			}
		}
		return t.TypeParams().Len() > 0 && t.TypeArgs().Len() == 0
	case *types.Struct:
		for f := range t.Fields() {
			if generic(f.Type()) {
				return true
			}
		}
	case *types.Signature:
		return true
	}
	return false
}

// assertion reports a Get whose type assertion fails on what New yields.
func (c *checker) assertion(p *pool, get *site, made []types.Type, known bool) {
	v := get.call.Value()
	if v == nil || !known || testedForNil(v) {
		return
	}
	for _, ref := range *v.Referrers() {
		ta, ok := ref.(*ssa.TypeAssert)
		if !ok || ta.CommaOk || generic(ta.AssertedType) {
			continue
		}
		expr := nodeAt(c, ta.Pos(), func(e *ast.TypeAssertExpr) bool { return e.Lparen == ta.Pos() && e.Type != nil })
		if expr == nil {
			continue
		}
		d := analysis.Diagnostic{Pos: expr.Pos(), End: expr.End(), Category: newMismatch}
		want := c.typeName(ta.AssertedType)
		if len(made) == 0 {
			d.Message = fmt.Sprintf("Get().(%s) panics whenever %s is empty: its New is never set, so Get returns nil", want, p.name())
			c.report(d)
			continue
		}
		if slices.ContainsFunc(made, func(t types.Type) bool { return fits(t, ta.AssertedType) }) {
			continue
		}
		d.Message = fmt.Sprintf("New of %s returns %s but Get asserts %s, which panics whenever the pool is empty", p.name(), c.typeName(made[0]), want)
		c.report(d)
	}
}

// fits reports whether an assertion to type want holds for values of type t.
func fits(t, want types.Type) bool {
	if iface, ok := want.Underlying().(*types.Interface); ok {
		return types.Implements(t, iface)
	}
	return types.Identical(t, want)
}

// testedForNil reports whether code asks if the interface v is nil.
func testedForNil(v ssa.Value) bool {
	return slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		_, ok := ref.(*ssa.BinOp)
		return ok
	})
}

// foreignPuts reports a Put of something that every Get panics on.
func (c *checker) foreignPuts(p *pool) {
	var want types.Type
	for _, get := range p.gets {
		v := get.call.Value()
		if v == nil {
			return
		}
		for _, ref := range *v.Referrers() {
			ta, ok := ref.(*ssa.TypeAssert)
			if !ok || ta.CommaOk || generic(ta.AssertedType) || want != nil && !types.Identical(want, ta.AssertedType) {
				return
			}
			want = ta.AssertedType
		}
	}
	if want == nil {
		return
	}
	for _, put := range p.puts {
		mi, ok := put.object().(*ssa.MakeInterface)
		if !ok || generic(mi.X.Type()) || fits(mi.X.Type(), want) {
			continue
		}
		from, to := c.span(put.call)
		c.report(analysis.Diagnostic{
			Pos: from, End: to, Category: newMismatch,
			Message: fmt.Sprintf("Put of %s into %s, of which every Get asserts %s: the Get that receives it panics", c.typeName(mi.X.Type()), p.name(), c.typeName(want)),
			Related: []analysis.RelatedInformation{c.related(p.gets[0].call, "taken from the pool here")},
		})
	}
}

// directNew reports calls of New itself, which never yield an object that was put back.
func (c *checker) directNew(p *pool) {
	for _, call := range p.newCalls {
		expr := c.callAt(call.Pos())
		if expr == nil || onlyPut(call) || c.afterGet(p, call) || c.seeds(p, call) {
			continue
		}
		sel, ok := ast.Unparen(expr.Fun).(*ast.SelectorExpr)
		if !ok || len(expr.Args) > 0 {
			continue
		}
		c.report(analysis.Diagnostic{
			Pos: expr.Pos(), End: expr.End(), Category: newMismatch,
			Message: fmt.Sprintf("%s.New() makes a new object and passes over those in the pool; use Get", p.name()),
			SuggestedFixes: []analysis.SuggestedFix{{
				Message:   "Call Get",
				TextEdits: []analysis.TextEdit{{Pos: sel.Sel.Pos(), End: sel.Sel.End(), NewText: []byte("Get")}},
			}},
		})
	}
}

// onlyPut reports whether what New made is put into a pool, to fill it.
func onlyPut(call *ssa.Call) bool {
	return len(*call.Referrers()) > 0 && !slices.ContainsFunc(*call.Referrers(), func(ref ssa.Instruction) bool {
		put, ok := ref.(ssa.CallInstruction)
		return !ok || !poolMethod(put.Common(), "Put")
	})
}

// afterGet reports whether the function has asked the pool before.
func (c *checker) afterGet(p *pool, call *ssa.Call) bool {
	return slices.ContainsFunc(p.gets, func(s *site) bool { return s.fn == call.Parent() && after(s.call, call) })
}

// seeds reports whether the call is part of what New of a pool does itself, or of
// a package's initialization.
func (c *checker) seeds(p *pool, call *ssa.Call) bool {
	fn := call.Parent()
	if fn.Name() == "init" || fn.Synthetic != "" {
		return true
	}
	for _, q := range c.pools {
		if slices.ContainsFunc(q.news, func(v ssa.Value) bool {
			mc, ok := lazyssa.Strip(v).(*ssa.MakeClosure)
			return lazyssa.Strip(v) == fn || ok && mc.Fn == fn
		}) {
			return true
		}
	}
	return len(p.gets)+len(p.puts) == 0
}

// nilAt reports whether v is nil, always or where a way to block b has found nothing
// to put in it and nothing was asked since.
func nilAt(v ssa.Value, b *ssa.BasicBlock) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return v.Value == nil
	case *ssa.Phi:
		return v.Block() == b && !lazyssa.Reaches(b, b) && slices.ContainsFunc(v.Edges, func(e ssa.Value) bool {
			k, ok := e.(*ssa.Const)
			return ok && k.Value == nil
		})
	}
	return false
}

// handlesNil reports whether all that take from a pool ask if they got a nil pointer.
func handlesNil(p *pool) bool {
	return len(p.gets) > 0 && !slices.ContainsFunc(p.gets, func(s *site) bool {
		v := s.call.Value()
		return v != nil && !comparedWithNil(v, 0)
	})
}

func comparedWithNil(v ssa.Value, depth int) bool {
	return slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.BinOp:
			k, ok := ref.Y.(*ssa.Const)
			return ok && k.Value == nil && depth > 0
		case *ssa.TypeAssert, *ssa.Extract:
			return comparedWithNil(ref.(ssa.Value), depth+1)
		}
		return false
	})
}

// typedNil reports a Put of a nil pointer, which Get hands on where New was expected to run.
func (c *checker) typedNil(p *pool, put *site) {
	mi, ok := put.object().(*ssa.MakeInterface)
	if !ok {
		return
	}
	if _, isPtr := mi.X.Type().Underlying().(*types.Pointer); !isPtr || !nilAt(mi.X, put.call.Block()) || handlesNil(p) {
		return
	}
	from, to := c.span(put.call)
	message := fmt.Sprintf("typed nil stored in %s: the next Get returns a nil %s instead of calling New", p.name(), c.typeName(mi.X.Type()))
	if _, deferred := put.call.(*ssa.Defer); deferred {
		message += "; arguments of a deferred call are evaluated at the defer"
	}
	c.report(analysis.Diagnostic{Pos: from, End: to, Category: newMismatch, Message: message})
}
