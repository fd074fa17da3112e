package unsafealias

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/resource"
	"github.com/heapvet/heapvet/lint"
)

// A Mapping fact says what a method does with the memory of a mapped file that its receiver holds.
type Mapping struct {
	Lends  bool // returns it, or a part of it
	Unmaps bool
}

func (*Mapping) AFact() {}

func (m *Mapping) String() string {
	if m.Lends {
		return "lends mapped memory"
	}
	return "unmaps"
}

// mapping returns the fact about a method of this or another package, or nil.
func (f *finder) mapping(obj types.Object) *Mapping {
	fn, ok := obj.(*types.Func)
	if !ok || fn.Signature().Recv() == nil {
		return nil
	}
	fn = fn.Origin()
	if m, ok := f.maps[fn]; ok || fn.Pkg() == f.pass.Pkg {
		return m
	}
	var m *Mapping
	if fact := new(Mapping); f.pass.ImportObjectFact(fn, fact) {
		m = fact
	}
	f.maps[fn] = m
	return m
}

// mappings finds the fields of the package that hold mapped memory, and the methods that lend and unmap it.
func (f *finder) mappings(acquired []*resource.Acquired) {
	for _, q := range acquired {
		if q.Kind == resource.Region && !q.Holds && q.Index == 0 {
			for m := range resultOf(q) {
				f.keepsMapped(m, make(map[ssa.Value]bool))
			}
		}
	}
	if len(f.mappedIn) == 0 {
		return
	}
	for _, fn := range f.ssa.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Signature.Recv() == nil || len(fn.Params) == 0 {
			continue
		}
		if m := (&Mapping{f.lends(fn), f.unmapsReceiver(fn)}); m.Lends || m.Unmaps {
			f.maps[obj] = m
			if obj.Exported() {
				f.pass.ExportObjectFact(obj, m)
			}
		}
	}
}

// resultOf yields the values that are the resource which a call acquires.
func resultOf(q *resource.Acquired) func(yield func(ssa.Value) bool) {
	return func(yield func(ssa.Value) bool) {
		if q.Call.Call.Signature().Results().Len() == 1 {
			yield(q.Call)
			return
		}
		for _, ref := range *q.Call.Referrers() {
			if e, ok := ref.(*ssa.Extract); ok && e.Index == q.Index && !yield(e) {
				return
			}
		}
	}
}

// keepsMapped notes the fields that mapped memory is stored in from its beginning.
func (f *finder) keepsMapped(v ssa.Value, seen map[ssa.Value]bool) {
	if seen[v] {
		return
	}
	seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.ChangeType, *ssa.Phi, *ssa.Slice:
			f.keepsMapped(ref.(ssa.Value), seen)
		case *ssa.Store:
			if addr, ok := ref.Addr.(*ssa.FieldAddr); ok && ref.Val == v && lint.IsBytes(v.Type()) {
				f.mappedIn[lazyssa.Field(addr).Origin()] = true
			}
		}
	}
}

// heldBy reports whether v is mapped memory that a value holds in a field, or a part of it.
func (f *finder) heldBy(v, holder ssa.Value) bool {
	for {
		switch x := v.(type) {
		case *ssa.Slice:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.UnOp:
			addr, ok := x.X.(*ssa.FieldAddr)
			return ok && addr.X == holder && f.mappedIn[lazyssa.Field(addr).Origin()]
		default:
			return false
		}
	}
}

// lends reports whether a method returns mapped memory that its receiver holds, or nil.
func (f *finder) lends(fn *ssa.Function) (lends bool) {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		switch {
		case !ok:
		case len(ret.Results) != 1 || !lint.IsBytes(ret.Results[0].Type()):
			return false
		case f.heldBy(ret.Results[0], fn.Params[0]):
			lends = true
		case !lazyssa.IsNil(ret.Results[0]):
			return false
		}
	}
	return lends
}

// unmapsReceiver reports whether a method unmaps the memory that its receiver holds, unless that has been
// done: who counts users of the memory, or unmaps it on some other condition, may leave it mapped.
func (f *finder) unmapsReceiver(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			callee := call.Call.StaticCallee()
			if callee == nil || unmapArg(&call.Call) == nil && !lint.Leads(callee.Name(), "Unmap", "Munmap") {
				continue
			}
			if slices.ContainsFunc(call.Call.Args, func(arg ssa.Value) bool { return f.heldBy(arg, fn.Params[0]) }) && everyTime(b) {
				return true
			}
		}
	}
	return false
}

// everyTime reports whether a block runs unless something is nil, empty or said to be done: a field
// that must be true may tell instead whether the memory is the object's own.
func everyTime(b *ssa.BasicBlock) bool {
	for cond, is := range lazyssa.Conditions(b) {
		switch cond := cond.(type) {
		case *ssa.BinOp:
			if !lazyssa.IsNil(cond.X) && !lazyssa.IsNil(cond.Y) && !isLen(cond.X) {
				return false
			}
		case *ssa.UnOp:
			if _, field := cond.X.(*ssa.FieldAddr); !field || is {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func isLen(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "len"
}

// lent returns the uses of what a holder of mapped memory lends in the function that has it.
func (f *finder) lent(q *resource.Acquired) (uses []use) {
	for holder := range resultOf(q) {
		for _, ref := range *holder.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Call:
				if m := f.mapping(lazyssa.Callee(ref)); m != nil && m.Lends && ref.Call.Args[0] == holder {
					uses = append(uses, f.usesOf(ref)...)
				}
			case *ssa.FieldAddr:
				if ref.X == holder && f.mappedIn[lazyssa.Field(ref).Origin()] {
					for _, load := range *ref.Referrers() {
						if l, ok := load.(*ssa.UnOp); ok {
							uses = append(uses, f.usesOf(l)...)
						}
					}
				}
			}
		}
	}
	return uses
}
