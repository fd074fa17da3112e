package unsafealias

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// swaps reports lists without locks whose nodes are recycled: between the load of the
// first node and the swap, that node may have been taken, put back and pushed again, with
// another successor. Where nodes are left to the collector, this cannot happen.
func (f *finder) swaps() {
	pops := make(map[*ssa.Call]*types.Named)
	var order []*ssa.Call
	got, put := make(map[*types.Named]bool), make(map[*types.Named]bool)
	for _, fn := range f.ssa.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.TypeAssert:
					if pooled(instr) {
						if n := nodeOf(instr.AssertedType); n != nil {
							got[n] = true
						}
					}
				case ssa.CallInstruction:
					callee := instr.Common().StaticCallee()
					if callee == nil {
						continue
					}
					switch obj := callee.Object(); {
					case lint.IsMethod(obj, "sync", "Pool", "Put"):
						if i, ok := instr.Common().Args[1].(*ssa.MakeInterface); ok {
							if n := nodeOf(i.X.Type()); n != nil {
								put[n] = true
							}
						}
					case isSwap(obj):
						if call, ok := instr.(*ssa.Call); ok {
							if n := popped(call); n != nil {
								pops[call] = n
								order = append(order, call)
							}
						}
					}
				}
			}
		}
	}
	for _, call := range order {
		if n := pops[call]; got[n] && put[n] {
			f.report(call, aba, fmt.Sprintf("compare-and-swap of *%s, which a sync.Pool recycles: the same node may have been popped and pushed again meanwhile, with another successor, and the list loses or repeats nodes; leave nodes to the collector, or take a lock", n.Obj().Name()))
		}
	}
}

func isSwap(obj types.Object) bool {
	return lint.IsMethod(obj, "sync/atomic", "Pointer", "CompareAndSwap") || lint.IsFunc(obj, "sync/atomic", "CompareAndSwapPointer")
}

// popped returns the type of the nodes if the swap replaces one by what a field of it
// points to, else nil.
func popped(call *ssa.Call) *types.Named {
	args := call.Call.Args
	old, next := plain(args[len(args)-2]), plain(args[len(args)-1])
	var field *ssa.FieldAddr
	switch next := next.(type) {
	case *ssa.UnOp:
		field, _ = next.X.(*ssa.FieldAddr)
	case *ssa.Call: // old.next.Load()
		callee := next.Call.StaticCallee()
		if callee != nil && len(next.Call.Args) > 0 &&
			(lint.IsMethod(callee.Object(), "sync/atomic", "Pointer", "Load") || lint.IsFunc(callee.Object(), "sync/atomic", "LoadPointer")) {
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
func nodeOf(t types.Type) *types.Named {
	n, ok := types.Unalias(lint.Deref(t)).(*types.Named)
	if !ok || types.Identical(t, lint.Deref(t)) {
		return nil
	}
	if _, ok := n.Underlying().(*types.Struct); !ok {
		return nil
	}
	return n.Origin()
}
