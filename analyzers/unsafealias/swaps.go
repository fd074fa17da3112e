package unsafealias

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A holder is what nodes of one type are taken from and put into: the list that begins
// in a field or variable, a sync.Pool, a channel, or a field that keeps one for later.
// Those that the code gets at by way of a parameter count as one.
type holder struct {
	place types.Object
	node  *types.TypeName
}

// A recycling is what becomes of the nodes of lists without locks.
type recycling struct {
	*finder
	callers map[*ssa.Function][]ssa.CallInstruction
	to      map[holder]map[holder]bool // a node of the one is put into the other
	given   map[holder]*ssa.Function   // that anybody may call to put a node of theirs
}

// A pop is a compare-and-swap that replaces a node by its successor.
type pop struct {
	call *ssa.Call
	list holder
}

// swaps reports lists without locks whose nodes come back: between the load of the
// first node and the swap, that node may have been taken and pushed again, with
// another successor. Where nodes are left to the collector, this cannot happen.
func (f *finder) swaps() {
	r := &recycling{f, make(map[*ssa.Function][]ssa.CallInstruction), make(map[holder]map[holder]bool), make(map[holder]*ssa.Function)}
	var pops []pop
	for _, fn := range f.ssa.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				callee := generic(call.Common().StaticCallee())
				if callee == nil {
					continue
				}
				r.callers[callee] = append(r.callers[callee], call)
				if c, ok := call.(*ssa.Call); ok && isSwap(callee.Object()) {
					if n := popped(c); n != nil {
						pops = append(pops, pop{c, holder{r.place(c.Call.Args[0]), n}})
					}
				}
			}
		}
	}
	if len(pops) == 0 {
		return
	}
	for _, fn := range f.ssa.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				r.puts(instr)
			}
		}
	}
	for _, p := range pops {
		by, ok := r.cycle(p.list)
		if give := r.given[p.list]; !ok && give != nil && p.isFreeList() {
			by, ok = "which whoever calls "+give.Name()+" pushes back", true
		}
		if ok {
			f.report(p.call, aba, fmt.Sprintf("compare-and-swap of *%s, %s: the same node may have been popped and pushed again meanwhile, with another successor, and the list loses or repeats nodes; leave nodes to the collector, or take a lock", p.list.node.Name(), by))
		}
	}
}

// cycle reports whether nodes of a list get back into it, and says how.
func (r *recycling) cycle(list holder) (by string, ok bool) {
	seen := make(map[holder]bool)
	work := []holder{list}
	by = "which is pushed back"
	for len(work) > 0 {
		h := work[len(work)-1]
		work = work[:len(work)-1]
		for next := range r.to[h] {
			if v, isVar := next.place.(*types.Var); isVar && lint.IsNamed(lint.Deref(v.Type()), "sync", "Pool") {
				by = "which a sync.Pool recycles"
			}
			ok = ok || next == list
			if !seen[next] {
				seen[next] = true
				work = append(work, next)
			}
		}
	}
	return by, ok
}

// puts notes which nodes an instruction puts where.
func (r *recycling) puts(instr ssa.Instruction) {
	switch in := instr.(type) {
	case ssa.CallInstruction:
		c := in.Common()
		if b, ok := c.Value.(*ssa.Builtin); ok && b.Name() == "append" {
			return // the elements are stored one by one
		}
		callee := c.StaticCallee()
		if callee == nil {
			return
		}
		switch obj := callee.Object(); {
		case isSwap(obj):
			r.put(c.Args[0], c.Args[len(c.Args)-1])
		case lint.IsMethod(obj, "sync", "Pool", "Put"), isPointerFunc(obj, "Store", "Swap"):
			r.put(c.Args[0], c.Args[1])
		}
	case *ssa.Send:
		r.put(in.Chan, in.X)
	case *ssa.Select:
		for _, s := range in.States {
			if s.Send != nil {
				r.put(s.Chan, s.Send)
			}
		}
	case *ssa.Store:
		n := nodeOf(in.Val.Type())
		if n == nil {
			return
		}
		if fa, ok := in.Addr.(*ssa.FieldAddr); ok && nodeOf(fa.X.Type()) == n {
			return // the successor
		}
		if ia, ok := in.Addr.(*ssa.IndexAddr); ok {
			if arg, ok := ia.X.(*ssa.Alloc); ok { // of append
				for _, to := range appendedTo(arg) {
					r.put(to, in.Val)
				}
				return
			}
		}
		if _, local := in.Addr.(*ssa.Alloc); !local {
			r.put(in.Addr, in.Val)
		}
	}
}

// appendedTo returns the slices that elements of an array of arguments are appended to.
func appendedTo(arg *ssa.Alloc) (list []ssa.Value) {
	for _, ref := range *arg.Referrers() {
		cut, ok := ref.(*ssa.Slice)
		if !ok {
			continue
		}
		for _, use := range *cut.Referrers() {
			if call, ok := use.(*ssa.Call); ok && len(call.Call.Args) == 2 && call.Call.Args[1] == cut && appended(call) != nil {
				list = append(list, call.Call.Args[0])
			}
		}
	}
	return list
}

// isFreeList reports whether the function that pops returns the node, or a new one if there is none:
// what it returns is to be used and given back.
func (p pop) isFreeList() bool {
	args := p.call.Call.Args
	old := plain(args[len(args)-2])
	popped, made := false, false
	for _, b := range p.call.Parent().Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) != 1 {
			continue
		}
		v := plain(ret.Results[0])
		_, isNew := v.(*ssa.Alloc)
		popped, made = popped || v == old, made || isNew
	}
	return popped && made
}

// put notes that a value is put into the holder at an address.
func (r *recycling) put(into, v ssa.Value) {
	if p, ok := plain(v).(*ssa.Parameter); ok && nodeOf(p.Type()) != nil {
		if obj := p.Parent().Object(); obj != nil && obj.Exported() {
			r.given[holder{r.place(into), nodeOf(p.Type())}] = p.Parent()
		}
	}
	for from := range r.from(v) {
		to := holder{r.place(into), from.node}
		if r.to[from] == nil {
			r.to[from] = make(map[holder]bool)
		}
		r.to[from][to] = true
	}
}

// from returns what the node v may have been taken from.
func (r *recycling) from(v ssa.Value) map[holder]bool {
	list := make(map[holder]bool)
	seen := make(map[ssa.Value]bool)
	var n *types.TypeName
	taken := func(from ssa.Value) { list[holder{r.place(from), n}] = true }
	var visit func(v ssa.Value)
	visit = func(v ssa.Value) {
		if seen[v] || len(seen) > maxValues {
			return
		}
		seen[v] = true
		if t := nodeOf(v.Type()); t != nil {
			n = t
		}
		switch v := v.(type) {
		case *ssa.Convert:
			visit(v.X)
		case *ssa.ChangeType:
			visit(v.X)
		case *ssa.MakeInterface:
			visit(v.X)
		case *ssa.TypeAssert:
			n = nodeOf(v.AssertedType)
			visit(v.X)
		case *ssa.Phi:
			for _, e := range v.Edges {
				visit(e)
			}
		case *ssa.Extract:
			switch t := v.Tuple.(type) {
			case *ssa.Call:
				r.results(t, v.Index, visit)
			case *ssa.Select:
				if n != nil {
					r.received(t, v.Index, taken)
				}
			case *ssa.UnOp: // v, ok := <-ch
				if n != nil {
					taken(t.X)
				}
			default:
				if v.Index == 0 {
					visit(t)
				}
			}
		case *ssa.UnOp:
			switch v.Op {
			case token.ARROW:
				if n != nil {
					taken(v.X)
				}
			case token.MUL:
				switch addr := v.X.(type) {
				case *ssa.Alloc:
					for _, ref := range *addr.Referrers() {
						if st, ok := ref.(*ssa.Store); ok && st.Addr == addr {
							visit(st.Val)
						}
					}
				case *ssa.FieldAddr:
					if n != nil && nodeOf(addr.X.Type()) != n {
						taken(addr)
					}
				case *ssa.IndexAddr, *ssa.Global:
					if n != nil {
						taken(addr)
					}
				}
			}
		case *ssa.Call:
			callee := v.Call.StaticCallee()
			if callee == nil {
				return
			}
			switch obj := callee.Object(); {
			case n != nil && (lint.IsMethod(obj, "sync", "Pool", "Get") || isPointerFunc(obj, "Load", "Swap")):
				if fa, ok := plain(v.Call.Args[0]).(*ssa.FieldAddr); !ok || nodeOf(fa.X.Type()) != n {
					taken(v.Call.Args[0])
				}
			default:
				r.results(v, 0, visit)
			}
		case *ssa.Parameter:
			i := slices.Index(v.Parent().Params, v)
			for _, call := range r.callers[v.Parent()] {
				if args := call.Common().Args; i < len(args) {
					visit(args[i])
				}
			}
		}
	}
	visit(v)
	return list
}

// results visits what a function of the package returns.
func (r *recycling) results(call *ssa.Call, i int, visit func(ssa.Value)) {
	callee := generic(call.Call.StaticCallee())
	if callee == nil || callee.Pkg != r.ssa.Pkg {
		return
	}
	for _, b := range callee.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && i < len(ret.Results) {
			visit(ret.Results[i])
		}
	}
}

// received finds the channel that result i of a select is from.
func (r *recycling) received(sel *ssa.Select, i int, taken func(ssa.Value)) {
	i -= 2 // the index of the clause, and whether there was a value
	for _, s := range sel.States {
		if s.Dir == types.RecvOnly {
			if i == 0 {
				taken(s.Chan)
			}
			i--
		}
	}
}

// place returns the field or package variable that an address, a channel or a slice is
// of; nil if that is not known.
func (r *recycling) place(v ssa.Value) types.Object {
	for range maxValues {
		switch x := plain(v).(type) {
		case *ssa.FieldAddr:
			return lazyssa.Field(x).Origin()
		case *ssa.Global:
			return x.Object()
		case *ssa.IndexAddr:
			v = x.X
		case *ssa.UnOp:
			v = x.X
		case *ssa.Slice:
			v = x.X
		default:
			return nil
		}
	}
	return nil
}

// generic returns the function of which fn is an instance, or fn.
func generic(fn *ssa.Function) *ssa.Function {
	if fn != nil && fn.Origin() != nil {
		return fn.Origin()
	}
	return fn
}

func isSwap(obj types.Object) bool { return isPointerFunc(obj, "CompareAndSwap") }

// isPointerFunc reports whether obj is one of the named methods of atomic.Pointer, or the
// function of the same purpose.
func isPointerFunc(obj types.Object, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return lint.IsMethod(obj, "sync/atomic", "Pointer", name) || lint.IsFunc(obj, "sync/atomic", name+"Pointer")
	})
}

// popped returns the type of the nodes if the swap replaces one by what a field of it
// points to, else nil.
func popped(call *ssa.Call) *types.TypeName {
	args := call.Call.Args
	old, next := plain(args[len(args)-2]), plain(args[len(args)-1])
	var field *ssa.FieldAddr
	switch next := next.(type) {
	case *ssa.UnOp:
		field, _ = next.X.(*ssa.FieldAddr)
	case *ssa.Call: // old.next.Load()
		if callee := next.Call.StaticCallee(); callee != nil && isPointerFunc(callee.Object(), "Load") {
			field, _ = plain(next.Call.Args[0]).(*ssa.FieldAddr)
		}
	}
	if field == nil || plain(field.X) != old {
		return nil
	}
	return nodeOf(field.X.Type())
}

// plain takes conversions off.
func plain(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.Convert:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		default:
			return v
		}
	}
}

// nodeOf returns the struct type that t points to, without its type arguments, or nil.
func nodeOf(t types.Type) *types.TypeName {
	n, ok := types.Unalias(lint.Deref(t)).(*types.Named)
	if !ok || types.Identical(t, lint.Deref(t)) {
		return nil
	}
	if _, ok := n.Underlying().(*types.Struct); !ok {
		return nil
	}
	return n.Origin().Obj()
}
