package poolflow

import (
	"go/token"
	"go/types"
	"math/bits"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// addAlias notes that v is the object, and what follows from that.
func (w *walk) addAlias(v ssa.Value) {
	if w.aliases[v] {
		return
	}
	w.aliases[v] = true
	if v.Referrers() == nil {
		return
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.ChangeType, *ssa.MakeInterface, *ssa.ChangeInterface:
			w.addAlias(ref.(ssa.Value))
		case *ssa.TypeAssert:
			if !ref.CommaOk {
				w.addAlias(ref)
				continue
			}
			for _, ext := range *ref.Referrers() {
				if ext, ok := ext.(*ssa.Extract); ok && ext.Index == 0 {
					w.addAlias(ext)
				}
			}
		case *ssa.Phi:
			if w.onlyThis(ref.Edges) {
				w.addAlias(ref)
			}
		case *ssa.Call:
			if w.returnsArg(ref, v) {
				w.addAlias(ref)
			}
		case *ssa.Store:
			if cell, ok := ref.Addr.(*ssa.Alloc); ok && ref.Val == v {
				w.addCell(cell)
			}
		}
	}
}

// returnsArg reports whether a call of a function of the package returns its
// argument v, as methods do whose calls are to be chained.
func (w *walk) returnsArg(call *ssa.Call, v ssa.Value) bool {
	callee := call.Call.StaticCallee()
	if callee == nil || !types.Identical(call.Type(), v.Type()) {
		return false
	}
	fn := w.local(callee)
	i := slices.Index(call.Call.Args, v)
	if fn == nil || i < 0 {
		return false
	}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && (len(ret.Results) != 1 || ret.Results[0] != fn.Params[i]) {
			return false
		}
	}
	return true
}

// onlyThis reports whether all values are the object or one made in its place
// because the pool had none.
func (w *walk) onlyThis(vs []ssa.Value) bool {
	for _, v := range vs {
		call, _ := lazyssa.Strip(v).(*ssa.Call)
		isNew := call != nil && lazyssa.Callee(call) != nil && strings.HasPrefix(strings.ToLower(lazyssa.Callee(call).Name()), "new")
		if !w.aliases[v] && !w.aliases[lazyssa.Strip(v)] && !made(v) && !zero(v) && !isNew {
			return false
		}
	}
	return true
}

// addCell notes that the variable at addr holds the object, if nothing else is
// ever stored in it.
func (w *walk) addCell(addr ssa.Value) {
	if w.cells[addr] {
		return
	}
	var stored []ssa.Value
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != addr {
				return
			}
			stored = append(stored, ref.Val)
		case *ssa.MakeClosure:
			if storesTo(ref, addr) {
				return
			}
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.MakeInterface:
			if w.kind != mapVal || !onlyDecoded(ref) {
				return
			}
		default:
			return
		}
	}
	if !w.onlyThis(stored) {
		return
	}
	w.cells[addr] = true
	for _, ref := range *addr.Referrers() {
		if load, ok := ref.(*ssa.UnOp); ok && load.Op == token.MUL {
			w.addAlias(load)
		}
	}
}

// onlyDecoded reports whether a pointer to a variable is only given to what
// decodes to it: a map there keeps its entries, and is the same map after.
func onlyDecoded(mi *ssa.MakeInterface) bool {
	for _, ref := range *mi.Referrers() {
		call, ok := ref.(*ssa.Call)
		if !ok {
			return false
		}
		fn, ok := lazyssa.Callee(call).(*types.Func)
		if !ok || !decodes(fn, slices.Index(call.Call.Args, ssa.Value(mi))) {
			return false
		}
	}
	return true
}

// storesTo reports whether a closure, or one within it, assigns to the captured variable at addr.
func storesTo(mc *ssa.MakeClosure, addr ssa.Value) bool {
	for i, b := range mc.Bindings {
		if b != addr {
			continue
		}
		for _, ref := range *mc.Fn.(*ssa.Function).FreeVars[i].Referrers() {
			switch ref := ref.(type) {
			case *ssa.UnOp, *ssa.DebugRef:
			case *ssa.MakeClosure:
				if storesTo(ref, mc.Fn.(*ssa.Function).FreeVars[i]) {
					return true
				}
			default:
				return true
			}
		}
	}
	return false
}

// is reports whether v is the object.
func (w *walk) is(v ssa.Value) bool { return w.aliases[v] }

// fields returns the slots that addr points to: one, or those of a struct
// within the object.
func (w *walk) fields(addr ssa.Value) Slots {
	if w.kind != fields {
		return 0
	}
	var path []int
	for {
		fa, ok := addr.(*ssa.FieldAddr)
		if !ok {
			return 0
		}
		path = append([]int{fa.Field}, path...)
		if addr = fa.X; w.is(addr) {
			break
		}
	}
	var m Slots
	for i, f := range w.slots {
		if len(path) <= len(f.path) && slices.Equal(path, f.path[:len(path)]) {
			m |= slot(i)
		}
	}
	return m
}

// field returns the slot that addr points to, or -1.
func (w *walk) field(addr ssa.Value) int {
	if m := w.fields(addr); m != 0 && m&(m-1) == 0 {
		return bits.TrailingZeros64(uint64(m))
	}
	return -1
}

// group returns the slots that addr points to, if they are several.
func (w *walk) group(addr ssa.Value) Slots {
	if m := w.fields(addr); m&(m-1) != 0 {
		return m
	}
	return 0
}

// within returns the slots that addr points to or into.
func (w *walk) within(addr ssa.Value) Slots {
	for {
		if m := w.fields(addr); m != 0 {
			return m
		}
		switch v := addr.(type) {
		case *ssa.FieldAddr:
			addr = v.X
		case *ssa.IndexAddr:
			addr = v.X
		default:
			return 0
		}
	}
}
