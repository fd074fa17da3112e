package retention

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A growing is what the package does with one variable or field.
type growing struct {
	v       *types.Var
	local   map[ssa.Value]bool // the addresses of a local variable that closures capture
	adds    []adding
	bounded bool // something takes away from it, replaces it, or looks at its length
}

// An adding is one place where something is added.
type adding struct {
	instr ssa.Instruction
	key   ssa.Value // nil for slices and lists
	grows bool      // the value of the key is a slice that is appended to
}

// growth reports what is only ever added to.
func (f *finder) growth() {
	places := make(map[*types.Var]*growing)
	var order []*growing
	at := func(v *types.Var) *growing {
		if v == nil || !f.closed(v) || !container(v.Type()) {
			return nil
		}
		g := places[v]
		if g == nil {
			g = &growing{v: v}
			places[v] = g
			order = append(order, g)
		}
		return g
	}
	for _, fn := range f.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch in := instr.(type) {
				case *ssa.FieldAddr:
					if g := at(placeOf(in)); g != nil {
						g.address(in)
					}
				case *ssa.Store:
					f.whole(in, places)
				}
				for _, op := range instr.Operands(nil) {
					if global, ok := (*op).(*ssa.Global); ok {
						if g := at(placeOf(global)); g != nil {
							g.used(instr, global)
						}
					}
				}
			}
		}
	}
	for _, fn := range f.funcs {
		order = append(order, f.captured(fn)...)
	}
	for _, g := range order {
		if !g.bounded {
			f.judge(g)
		}
	}
}

// captured returns the local variables of a function that closures capture, and which
// thus last as long as these.
func (f *finder) captured(fn *ssa.Function) (list []*growing) {
	if _, often := f.paths.from[fn]; often {
		return nil
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			a, ok := instr.(*ssa.Alloc)
			if !ok || !container(lint.Deref(a.Type())) || len(fn.AnonFuncs) == 0 || lazyssa.Reaches(b, b) {
				continue
			}
			g := &growing{
				v:     types.NewVar(a.Pos(), f.pass.Pkg, a.Comment, lint.Deref(a.Type())),
				local: map[ssa.Value]bool{a: true},
			}
			g.address(a)
			if len(g.local) > 1 && !readAfter(a) {
				list = append(list, g)
			}
		}
	}
	return list
}

// readAfter reports whether the function that declares a variable reads it once a literal has captured it: the
// literal works for this call, and is gone with it.
func readAfter(a *ssa.Alloc) bool {
	for _, ref := range *a.Referrers() {
		mc, ok := ref.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		for _, use := range *a.Referrers() {
			load, ok := use.(*ssa.UnOp)
			if ok && (load.Block() == mc.Block() && lazyssa.Before(mc, load) || lazyssa.Reaches(mc.Block(), load.Block())) {
				return true
			}
		}
	}
	return false
}

// first reports whether something is added only while the place is nil or empty.
func (g *growing) first(add adding) bool {
	for cond, is := range lazyssa.Conditions(add.instr.Block()) {
		cmp, ok := cond.(*ssa.BinOp)
		if !ok || cmp.Op != token.EQL || !is {
			continue
		}
		x, zero := cmp.X, lazyssa.IsNil(cmp.Y)
		if size, ok := x.(*ssa.Call); ok {
			b, isBuiltin := size.Call.Value.(*ssa.Builtin)
			c, isConst := cmp.Y.(*ssa.Const)
			if isBuiltin && isConst && b.Name() == "len" {
				x, zero = size.Call.Args[0], c.Int64() == 0
			}
		}
		if zero && g.isLoad(x) {
			return true
		}
	}
	return false
}

// whole notes that a struct is overwritten as a whole, with all its fields.
func (f *finder) whole(in *ssa.Store, places map[*types.Var]*growing) {
	st, ok := in.Val.Type().Underlying().(*types.Struct)
	if !ok {
		return
	}
	if _, local := in.Addr.(*ssa.Alloc); local {
		return
	}
	for field := range st.Fields() {
		if g := places[field.Origin()]; g != nil {
			g.bounded = true
		} else if f.closed(field.Origin()) && container(field.Type()) {
			places[field.Origin()] = &growing{v: field.Origin(), bounded: true}
		}
	}
}

func (g *growing) address(addr ssa.Value) {
	for _, ref := range *addr.Referrers() {
		g.used(ref, addr)
	}
}

// used looks at what is done at the address of the place.
func (g *growing) used(instr ssa.Instruction, addr ssa.Value) {
	switch in := instr.(type) {
	case *ssa.DebugRef:
	case *ssa.UnOp:
		for _, ref := range *in.Referrers() {
			g.value(ref, in)
		}
	case *ssa.Store:
		if in.Addr != addr {
			g.bounded = true // its address is kept
			return
		}
		switch val := in.Val.(type) {
		case *ssa.Call:
			if b, ok := val.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" && g.isLoad(val.Call.Args[0]) {
				g.adds = append(g.adds, adding{instr: val})
				return
			}
		}
		if _, declared := addr.(*ssa.Alloc); !declared && !initial(in) && !g.lazily(in) {
			g.bounded = true
		}
	case ssa.CallInstruction:
		g.method(in, addr)
	case *ssa.MakeClosure:
		for i, b := range in.Bindings {
			if fv := in.Fn.(*ssa.Function).FreeVars[i]; b == addr && g.local != nil && !g.local[fv] {
				g.local[fv] = true
				g.address(fv)
			}
		}
		g.bounded = g.bounded || g.local == nil
	default:
		g.bounded = true
	}
}

// method looks at a call of a method of a list or sync.Map.
func (g *growing) method(in ssa.CallInstruction, recv ssa.Value) {
	c := in.Common()
	callee := c.StaticCallee()
	if callee == nil || len(c.Args) == 0 || c.Args[0] != recv || callee.Object() == nil {
		g.bounded = true
		return
	}
	switch {
	case isList(g.v.Type()):
		switch callee.Name() {
		case "PushBack", "PushFront", "InsertBefore", "InsertAfter":
			g.adds = append(g.adds, adding{instr: in})
		case "Front", "Back":
		default:
			g.bounded = true
		}
	case lint.IsMethod(callee.Object(), "sync", "Map", "Store", "LoadOrStore", "Swap"):
		g.adds = append(g.adds, adding{instr: in, key: c.Args[1]})
	case lint.IsMethod(callee.Object(), "sync", "Map", "Load", "Range"):
	default:
		g.bounded = true
	}
}

// isLoad reports whether v is the value of the place.
func (g *growing) isLoad(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	return ok && load.Op == token.MUL && (g.local[load.X] || g.local == nil && placeOf(load.X) == g.v)
}

// value looks at what is done with the map, slice or list itself.
func (g *growing) value(instr ssa.Instruction, v ssa.Value) {
	_, isSlice := g.v.Type().Underlying().(*types.Slice)
	switch in := instr.(type) {
	case *ssa.DebugRef, *ssa.Lookup, *ssa.Range, *ssa.Index, *ssa.IndexAddr:
	case *ssa.BinOp: // with nil
	case *ssa.MapUpdate:
		if in.Map != v {
			g.bounded = true
			return
		}
		g.adds = append(g.adds, adding{in, in.Key, g.appends(in)})
	case *ssa.Slice:
		// Cut and stored back, it is bounded by the store.
	case *ssa.Return, *ssa.Phi, *ssa.MakeInterface, *ssa.ChangeType:
		if !isSlice {
			g.bounded = true // somebody else may delete from it
		}
	case *ssa.Store:
		if !isSlice {
			g.bounded = true
		}
	case ssa.CallInstruction:
		c := in.Common()
		if b, ok := c.Value.(*ssa.Builtin); ok {
			switch b.Name() {
			case "delete", "clear":
				g.bounded = true
			case "len", "cap":
				if call, ok := in.(*ssa.Call); ok && compared(call) {
					g.bounded = true
				}
			}
			return
		}
		switch {
		case isList(g.v.Type()) || lint.IsNamed(lint.Deref(g.v.Type()), "sync", "Map"):
			g.method(in, v)
		case !isSlice:
			g.bounded = true
		}
	default:
		g.bounded = true
	}
}

// appends reports whether an update of the map appends to what the key has.
func (g *growing) appends(up *ssa.MapUpdate) bool {
	call, ok := up.Value.(*ssa.Call)
	if !ok {
		return false
	}
	if b, ok := call.Call.Value.(*ssa.Builtin); !ok || b.Name() != "append" {
		return false
	}
	v := call.Call.Args[0]
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	look, ok := v.(*ssa.Lookup)
	return ok && g.isLoad(look.X)
}

// compared reports whether a length decides something, other than whether there is
// anything at all.
func compared(n *ssa.Call) bool {
	for _, ref := range *n.Referrers() {
		switch in := ref.(type) {
		case *ssa.BinOp:
			other := in.X
			if other == n {
				other = in.Y
			}
			if c, ok := other.(*ssa.Const); ok && c.Value != nil && c.Value.ExactString() == "0" {
				continue
			}
			switch in.Op {
			case token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL, token.NEQ:
				if _, isPhi := other.(*ssa.Phi); !isPhi { // not the index of a loop
					if _, isAdd := other.(*ssa.BinOp); !isAdd {
						return true
					}
				}
			case token.REM:
				return true
			}
		}
	}
	return false
}

// initial reports whether a store gives a new object, or a variable at the start, its
// first value.
func initial(in *ssa.Store) bool {
	fn := in.Parent()
	if fn.Parent() == nil && (fn.Name() == "init" || strings.HasPrefix(fn.Name(), "init#")) {
		return true
	}
	fa, ok := in.Addr.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	base := fa.X
	for {
		inner, ok := base.(*ssa.FieldAddr)
		if !ok {
			break
		}
		base = inner.X
	}
	_, fresh := base.(*ssa.Alloc)
	return fresh
}

// lazily reports whether a store fills the place because it is nil.
func (g *growing) lazily(in *ssa.Store) bool {
	b := in.Block()
	if len(b.Preds) != 1 {
		return false
	}
	last := b.Preds[0].Instrs
	branch, ok := last[len(last)-1].(*ssa.If)
	if !ok || b.Preds[0].Succs[0] != b {
		return false
	}
	cmp, ok := branch.Cond.(*ssa.BinOp)
	return ok && cmp.Op == token.EQL && (g.isLoad(cmp.X) || g.isLoad(cmp.Y))
}

// reportGrowth reports a place that grows. It returns false if the source does not show it.
func (f *finder) reportGrowth(g *growing, add adding, how string) bool {
	pos := add.instr.Pos()
	if !pos.IsValid() {
		return false
	}
	f.pass.Report(analysis.Diagnostic{
		Pos: pos, End: pos + 1, Category: growOnly,
		Message: fmt.Sprintf("%s only grows: %s %s or replaces it; bound it, or remove what is over", g.v.Name(), nameOf(add.instr.Parent()), how),
		Related: []analysis.RelatedInformation{{Pos: g.v.Pos(), End: g.v.Pos() + token.Pos(len(g.v.Name())), Message: "it lives as long as the process"}},
	})
	return true
}

func nameOf(fn *ssa.Function) string {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn.Name()
}
