package retention

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// cuts reports slices of pointers that are cut short where they last, such that the
// pointers behind the new end still keep what they point to.
func (f *finder) cuts() {
	for _, fn := range f.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if st, ok := instr.(*ssa.Store); ok {
					f.cut(st)
				}
			}
		}
	}
}

func (f *finder) cut(st *ssa.Store) {
	v := placeOf(st.Addr)
	if v == nil || lasting(st.Addr) == "" || !f.closed(v) {
		return
	}
	slice, ok := v.Type().Underlying().(*types.Slice)
	if !ok || !pinning(slice.Elem(), 3) {
		return
	}
	how := ""
	switch val := st.Val.(type) {
	case *ssa.Phi:
		if !filters(val, v) {
			return
		}
		how = "what was dropped is still behind the end"
	case *ssa.Slice:
		if !isPlace(val.X, v) || val.Low != nil || val.Max != nil {
			return
		}
		how = shortened(val, v)
	case *ssa.Call:
		b, ok := val.Call.Value.(*ssa.Builtin)
		if !ok || b.Name() != "append" || len(val.Call.Args) != 2 {
			return
		}
		head, ok1 := val.Call.Args[0].(*ssa.Slice)
		tail, ok2 := val.Call.Args[1].(*ssa.Slice)
		if !ok1 || !ok2 || !isPlace(head.X, v) || !isPlace(tail.X, v) || head.Low != nil || tail.High != nil || tail.Low == nil {
			return
		}
		how = "the last one is still behind the end"
	}
	if how == "" || cleared(st.Parent(), v) || refilled(st, v) {
		return
	}
	r, often := f.paths.at(st.Block())
	if v.IsField() && !f.lasts(v, r) {
		often = false
	}
	pos := st.Val.Pos()
	if _, isPhi := st.Val.(*ssa.Phi); isPhi { // what is dropped may be many
		pos, often = st.Pos(), often || v.IsField() && f.shared(v)
	}
	if !often && !f.all {
		return
	}
	if !pos.IsValid() {
		return
	}
	f.pass.Report(analysis.Diagnostic{
		Pos: pos, End: pos + 1, Category: truncated,
		Message: fmt.Sprintf("%s is cut short, but %s, and what it points to stays in memory until it is overwritten; clear it first, or use slices.Delete", v.Name(), how),
	})
}

// isPlace reports whether v is loaded from the place.
func isPlace(v ssa.Value, place *types.Var) bool {
	load, ok := v.(*ssa.UnOp)
	return ok && load.Op == token.MUL && placeOf(load.X) == place
}

// filters reports whether a slice is what a loop has kept of the place, moved to the
// front: the place cut to nothing and appended to.
func filters(phi *ssa.Phi, place *types.Var) bool {
	seen := make(map[ssa.Value]bool)
	cut := false
	var from func(v ssa.Value) bool
	from = func(v ssa.Value) bool {
		if seen[v] {
			return true
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.Phi:
			return !slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return !from(e) })
		case *ssa.Call:
			b, ok := v.Call.Value.(*ssa.Builtin)
			return ok && b.Name() == "append" && from(v.Call.Args[0])
		case *ssa.Slice:
			c, ok := v.High.(*ssa.Const)
			cut = ok && c.Value != nil && c.Int64() == 0 && v.Low == nil && isPlace(v.X, place)
			return cut
		}
		return false
	}
	return from(phi) && cut
}

// shortened says what is left behind the end of a slice expression.
func shortened(s *ssa.Slice, place *types.Var) string {
	switch high := s.High.(type) {
	case *ssa.Const:
		if high.Value != nil && high.Value.Kind() == constant.Int && high.Int64() == 0 {
			return "all that was in it is still behind the end"
		}
	case *ssa.BinOp:
		if high.Op != token.SUB {
			return ""
		}
		if n, ok := high.X.(*ssa.Call); ok {
			if b, ok := n.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" && isPlace(n.Call.Args[0], place) {
				return "the last one is still behind the end"
			}
		}
	}
	return ""
}

// pinning reports whether elements of the type keep other memory alive.
func pinning(t types.Type, depth int) bool {
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Slice, *types.Chan, *types.Signature:
		return true
	case *types.Interface:
		return !lint.IsTypeParam(t)
	case *types.Struct:
		for field := range u.Fields() {
			if depth > 0 && pinning(field.Type(), depth-1) {
				return true
			}
		}
	}
	return false
}

// cleared reports whether the function clears elements of the place: by clear, or by
// assigning zero to one.
func cleared(fn *ssa.Function, place *types.Var) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch in := instr.(type) {
			case *ssa.Call:
				if b, ok := in.Call.Value.(*ssa.Builtin); ok && b.Name() == "clear" {
					return true
				}
			case *ssa.Store:
				addr := in.Addr
				if fa, ok := addr.(*ssa.FieldAddr); ok {
					addr = fa.X
				}
				if ia, ok := addr.(*ssa.IndexAddr); ok && isPlace(ia.X, place) {
					if c, ok := in.Val.(*ssa.Const); ok && c.Value == nil {
						return true
					}
				}
			}
		}
	}
	return false
}

// refilled reports whether the function goes on to append to the place what is new.
func refilled(st *ssa.Store, place *types.Var) bool {
	for _, b := range st.Parent().Blocks {
		if b != st.Block() && !lazyssa.Reaches(st.Block(), b) {
			continue
		}
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || ssa.Value(call) == st.Val {
				continue
			}
			if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" && isPlace(call.Call.Args[0], place) {
				return true
			}
		}
	}
	return false
}
