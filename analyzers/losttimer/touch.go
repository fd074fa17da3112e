package losttimer

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// A touch is what the functions of the package, but for one, do with a timer that an
// unexported field holds, so that no other package can.
type touch struct {
	pkg    *types.Package
	field  *types.Var
	stores bool // put a timer into it, other than that of a new object
	resets bool
}

// shared prepares a search for a timer that others can reach. It reports whether there
// is anything to be said about it.
func (s *search) shared(stop *ssa.Call) bool {
	if s.timer.fields == "" {
		_, param := s.timer.root.(*ssa.Parameter)
		return param // its owner lends it
	}
	field := fieldOf(stop.Call.Args[0])
	if field == nil || field.Exported() {
		return false
	}
	s.others = s.f.touches(field, stop.Parent())
	return !s.others.resets
}

// touches tells what all functions but some do with a field.
func (f *finder) touches(field *types.Var, but ...*ssa.Function) *touch {
	t := &touch{pkg: f.pass.Pkg, field: field}
	for _, fn := range f.ssa.Funcs {
		if !slices.Contains(but, fn) {
			t.look(fn)
		}
	}
	return t
}

// fieldOf returns the field that a value is loaded from, or nil.
func fieldOf(v ssa.Value) *types.Var {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	return addressed(load.X)
}

func addressed(addr ssa.Value) *types.Var {
	fa, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	st, ok := fa.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	return st.Field(fa.Field).Origin()
}

// look notes what a function does with the field.
func (t *touch) look(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch v := instr.(type) {
			case *ssa.Store:
				t.stores = t.stores || addressed(v.Addr) == t.field && !isNew(v.Addr.(*ssa.FieldAddr).X)
			case ssa.CallInstruction:
				if !isReset(v) {
					continue
				}
				timer := v.Common().Args[0]
				made, isCall := timer.(*ssa.Call)
				known := isCall && made.Common().StaticCallee() != nil || fieldOf(timer) != nil && fieldOf(timer) != t.field
				t.resets = t.resets || !known
			}
		}
	}
}

// isNew reports whether an object is one that the function itself makes, and does not copy over
// another one: whoever has a timer already keeps it.
func isNew(object ssa.Value) bool {
	a, ok := object.(*ssa.Alloc)
	return ok && !slices.ContainsFunc(*a.Referrers(), func(ref ssa.Instruction) bool {
		_, copied := ref.(*ssa.UnOp)
		return copied
	})
}

// spares reports whether a call leaves the field alone. Calls into other packages do,
// unless they may call back; functions of this package are looked into.
func (t *touch) spares(call ssa.CallInstruction, depth int) bool {
	if !t.stores {
		return true
	}
	c := call.Common()
	fn := c.StaticCallee()
	if _, ok := c.Value.(*ssa.Builtin); ok || c.IsInvoke() && lint.IsNamed(c.Value.Type(), "context", "Context") {
		return true
	}
	if fn == nil || depth == 0 {
		return false
	}
	if fn.Pkg == nil || fn.Pkg.Pkg != t.pkg {
		return !slices.ContainsFunc(c.Args, mayCall)
	}
	own := touch{pkg: t.pkg, field: t.field}
	own.look(fn)
	if own.stores || len(fn.Blocks) == 0 {
		return false
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if inner, ok := instr.(ssa.CallInstruction); ok && !t.spares(inner, depth-1) {
				return false
			}
		}
	}
	return true
}

// mayCall reports whether a function that gets the value may run code of the package.
// A context and an error may not, as far as timers go.
func mayCall(v ssa.Value) bool {
	switch v.Type().Underlying().(type) {
	case *types.Signature:
		return true
	case *types.Interface:
		return !lint.IsError(v.Type()) && !lint.IsNamed(v.Type(), "context", "Context")
	}
	return false
}
