package wastedpool

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/poolflow"
	"github.com/heapvet/heapvet/lint"
)

// Unguarded is the fact of a function that puts a buffer back whatever its capacity.
type Unguarded struct{ Param int }

// AFact marks Unguarded as a fact.
func (*Unguarded) AFact() {}

func (u *Unguarded) String() string {
	return fmt.Sprintf("wastedpool: puts back param %d of any capacity", u.Param)
}

// growth reports buffers that come back to their pool however large they have grown.
func (c *checker) growth() {
	guarded := make(map[string]bool) // by the place of the pool: any Put that looks at the size
	for _, p := range c.flow.Pools {
		if slices.ContainsFunc(p.Puts, func(put *poolflow.Put) bool { return c.guards(put, p.Elem) }) {
			guarded[p.Key] = true
		}
	}
	for _, p := range c.flow.Pools {
		if len(p.Puts) == 0 || !c.growable(p.Elem) || strings.Contains(p.Key, "[]") {
			continue
		}
		c.unguarded(p, guarded[p.Key])
	}
	c.closers()
	c.exportUnguarded()
}

// unguarded reports the Put of a pool whose buffers something fills without a limit. If
// others look at the size before they put theirs back, that is a function which does
// not, though it takes, fills and puts back its own.
func (c *checker) unguarded(p *poolflow.Pool, guarded bool) {
	var best *fill
	for _, get := range p.Gets {
		if lint.IsTest(c.Pass, get.Call.Pos()) || guarded && !c.careless(p, get.Fn) {
			continue
		}
		s := &scan{c: c, elem: p.Elem, seen: make(map[ssa.Value]bool), get: get.Call.Block()}
		s.value(get.Object, 0)
		if s.into != nil && s.appends && lazyssa.Reaches(s.into.Block(), s.into.Block()) {
			s.add(s.into, "input", true)
		}
		for _, f := range s.fills {
			if guarded && f.call.Parent() != get.Fn {
				continue
			}
			if best == nil || f.rank() > best.rank() {
				best = f
			}
		}
	}
	if best == nil || best.rank() == 0 && !c.all {
		return
	}
	from, to := c.span(c.within(c.putToBlame(p, best)))
	c.report(analysis.Diagnostic{
		Pos: from, End: to, Category: unbounded,
		Message: fmt.Sprintf("%s is put back into %s whatever its capacity: one large %s pins that memory; drop it when its capacity exceeds a limit such as 64 KiB", c.typeName(p.Elem), p.Name, best.what),
		Related: []analysis.RelatedInformation{c.related(best.call, "grows here with the "+best.what)},
	})
}

// rank says how sure it is that a buffer may become large.
func (f *fill) rank() int {
	switch {
	case f.outside:
		return 2
	case f.many:
		return 1
	}
	return 0
}

// closers reports functions that hand out a buffer to other packages together with the function that
// puts it back, whatever those have made of it.
func (c *checker) closers() {
	for _, p := range c.pools {
		for _, put := range p.puts {
			outer := put.fn.Parent()
			if outer == nil || outer.Object() == nil || !outer.Object().Exported() || p.many || lint.IsTest(c.Pass, put.call.Pos()) {
				continue
			}
			t := lazyssa.Strip(put.object()).Type()
			if !c.growable(t) || looksAtSize(put.fn, t) || looksAtSize(outer, t) || !returnsBoth(outer, put.fn, t) {
				continue
			}
			from, to := c.span(put.call)
			c.report(analysis.Diagnostic{
				Pos: from, End: to, Category: unbounded,
				Message: fmt.Sprintf("%s is put back into %s whatever its capacity: callers of %s may make it large, and it pins that memory; drop it when its capacity exceeds a limit such as 64 KiB", c.typeName(t), p.name(), outer.Name()),
			})
		}
	}
}

// returnsBoth reports whether a function returns the function literal, and something of type t beside it.
func returnsBoth(outer, lit *ssa.Function, t types.Type) bool {
	return slices.ContainsFunc(outer.Blocks, func(b *ssa.BasicBlock) bool {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		return ok && slices.ContainsFunc(ret.Results, func(v ssa.Value) bool {
			mc, ok := lazyssa.Strip(v).(*ssa.MakeClosure)
			return ok && mc.Fn == lit
		}) && slices.ContainsFunc(ret.Results, func(v ssa.Value) bool { return types.Identical(v.Type(), t) })
	})
}

// careless reports whether fn itself puts objects back, and asks none for its size.
func (c *checker) careless(p *poolflow.Pool, fn *ssa.Function) bool {
	puts := 0
	for _, put := range p.Puts {
		if put.Fn != fn {
			continue
		}
		if put.Wrapper != nil || !poolMethod(put.Call.Common(), "Put") || c.guards(put, p.Elem) {
			return false
		}
		puts++
	}
	return puts > 0 && !looksAtSize(fn, p.Elem)
}

// putToBlame returns the Put where a test of the capacity belongs: that of the function
// which fills the buffer, or else that of the release function.
func (c *checker) putToBlame(p *poolflow.Pool, f *fill) ssa.CallInstruction {
	for _, put := range p.Puts {
		if put.Wrapper == nil && put.Fn == f.call.Parent() {
			return put.Call
		}
	}
	for _, put := range p.Puts {
		if put.Wrapper == nil || lint.IsTest(c.Pass, put.Call.Pos()) {
			continue
		}
		for _, q := range c.pools {
			if i := slices.IndexFunc(q.puts, func(s *site) bool { return s.fn.Object() == put.Wrapper }); i >= 0 {
				return q.puts[i].call
			}
		}
		return put.Call
	}
	return p.Puts[0].Call
}

// within returns the Put in a function literal that a call, deferred or not, runs: the call itself if
// there is none.
func (c *checker) within(call ssa.CallInstruction) ssa.CallInstruction {
	mc, ok := call.Common().Value.(*ssa.MakeClosure)
	if !ok {
		return call
	}
	for _, p := range c.pools {
		for _, put := range p.puts {
			if put.fn == mc.Fn {
				return put.call
			}
		}
	}
	return call
}

// exportUnguarded states which functions put back a buffer of any capacity.
func (c *checker) exportUnguarded() {
	for _, p := range c.pools {
		for _, put := range p.puts {
			param, ok := lazyssa.Strip(put.object()).(*ssa.Parameter)
			obj, isFunc := put.fn.Object().(*types.Func)
			if !ok || !isFunc || !obj.Exported() || !lint.IsTypeParam(param.Type()) && !c.growable(param.Type()) || p.many || looksAtSize(put.fn, param.Type()) || chosenBySize(put.call, param.Type()) {
				continue
			}
			c.ExportObjectFact(obj, &Unguarded{slices.Index(put.fn.Params, param)})
		}
	}
}

// growable reports whether objects of type t keep memory that use makes larger.
func (c *checker) growable(t types.Type) bool {
	if lint.IsNamed(lint.Deref(t), "bytes", "Buffer") {
		return true
	}
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return lint.IsBytes(t)
	}
	if lint.IsBytes(p.Elem()) {
		return true
	}
	named, ok := types.Unalias(p.Elem()).(*types.Named)
	if !ok || named.Obj().Pkg() != c.Pkg {
		return false // how those grow is not to be seen
	}
	if st, ok := named.Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			if lint.IsBytes(f.Type()) && !c.staysAsMade(f.Origin()) || lint.IsNamed(lint.Deref(f.Type()), "bytes", "Buffer") {
				return true
			}
		}
	}
	return false
}

// staysAsMade reports whether all that the package sets a field of bytes to is memory of a constant
// size, or a part of what is there: it is read into, and does not grow.
func (c *checker) staysAsMade(f *types.Var) bool {
	made := false
	for fa, ref := range c.prog.UsesOf(f) {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != fa || !ofConstantSize(ref.Val, f) {
				return false
			}
			made = made || !lazyssa.IsNil(ref.Val)
		default:
			return false
		}
	}
	return made
}

// ofConstantSize reports whether v is nil, made with a constant size, or a part of field f.
func ofConstantSize(v ssa.Value, f *types.Var) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.MakeSlice:
		_, ok := v.Cap.(*ssa.Const)
		return ok
	case *ssa.Slice:
		if _, ok := v.X.(*ssa.Alloc); ok {
			return true // of an array
		}
		fa := lazyssa.FieldLoaded(v.X)
		return fa != nil && lazyssa.Field(fa).Origin() == f
	}
	return false
}
