package ctxgrows

import (
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// field N, "*" what a pointer points to.
type place struct {
	root ssa.Value
	path string
}

func (p place) field(i int) place { return place{p.root, p.path + "." + strconv.Itoa(i)} }

func (r *run) pointee(ptr ssa.Value) place {
	if p, ok := r.places[ptr]; ok {
		return p
	}
	r.places[ptr] = place{root: ptr} // breaks cycles
	p := place{root: ptr}
	switch x := ptr.(type) {
	case *ssa.FieldAddr:
		p = r.pointee(x.X).field(x.Field)
	case *ssa.ChangeType:
		p = r.pointee(x.X)
	case *ssa.UnOp:
		if x.Op != token.MUL {
			break
		}
		if stored := onlyStored(x.X); stored != nil {
			p = r.pointee(stored)
		} else {
			p = r.pointee(x.X)
			p.path += "*"
		}
	}
	r.places[ptr] = p
	return p
}

func onlyStored(addr ssa.Value) ssa.Value {
	alloc, ok := addr.(*ssa.Alloc)
	if !ok {
		return nil
	}
	stores, ok := lazyssa.StoresTo(alloc)
	if !ok || len(stores) != 1 || stores[0].Parent() != alloc.Parent() {
		return nil
	}
	return stores[0].Val
}

func owner(addr ssa.Value) types.Object {
	switch x := addr.(type) {
	case *ssa.FieldAddr:
		if s, ok := lint.Deref(x.X.Type()).Underlying().(*types.Struct); ok {
			return s.Field(x.Field).Origin()
		}
	case *ssa.Global:
		return x.Object()
	}
	return nil
}

func (r *run) covers(addr ssa.Value, p place) (rest string, ok bool) {
	s := r.pointee(addr)
	if s.root != p.root {
		return "", false
	}
	rest, ok = strings.CutPrefix(p.path, s.path)
	if ok && rest != "" && rest[0] != '.' && rest[0] != '*' {
		return "", false // .1 is no part of .12
	}
	return rest, ok
}

func isSlotPath(p place) bool {
	if isAlloc(p.root) {
		return false // begins as zero
	}
	i, ok := slot(p.root.Type())
	return ok && p.path == "."+strconv.Itoa(i)
}

func isRest(rest string, t types.Type) bool {
	i, ok := slot(t)
	if !ok {
		return false
	}
	want := "." + strconv.Itoa(i)
	if _, isPointer := t.Underlying().(*types.Pointer); isPointer {
		want = "*" + want
	}
	return rest == want
}

func isAlloc(v ssa.Value) bool {
	_, ok := v.(*ssa.Alloc)
	return ok
}

func storedByLiteral(alloc *ssa.Alloc) bool {
	for _, ref := range *alloc.Referrers() {
		if mc, ok := ref.(*ssa.MakeClosure); ok {
			free := mc.Fn.(*ssa.Function).FreeVars[slices.Index(mc.Bindings, ssa.Value(alloc))]
			for _, use := range *free.Referrers() {
				switch use := use.(type) {
				case *ssa.Store:
					if use.Addr == free {
						return true
					}
				case *ssa.MakeClosure:
					return true // rare enough not to look into
				}
			}
		}
	}
	return false
}

func (r *run) mayWrite(call *ssa.CallCommon, obj types.Object) bool {
	if obj == nil {
		return false
	}
	callee := call.StaticCallee()
	return callee != nil && r.writes(callee)[obj]
}

func (r *run) writes(fn *ssa.Function) map[types.Object]bool {
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	if w, ok := r.written[fn]; ok {
		return w
	}
	w := make(map[types.Object]bool)
	r.written[fn] = w // breaks cycles
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			var callee *ssa.Function
			switch instr := instr.(type) {
			case *ssa.Store:
				if obj := owner(instr.Addr); obj != nil && !isAlloc(rootOf(instr.Addr)) {
					w[obj] = true
				}
			case *ssa.MakeClosure:
				callee = instr.Fn.(*ssa.Function)
			case ssa.CallInstruction:
				callee = instr.Common().StaticCallee()
			}
			if callee != nil && callee != fn {
				for obj := range r.writes(callee) {
					w[obj] = true
				}
			}
		}
	}
	return w
}

func rootOf(addr ssa.Value) ssa.Value {
	for {
		fa, ok := addr.(*ssa.FieldAddr)
		if !ok {
			return addr
		}
		addr = fa.X
	}
}
