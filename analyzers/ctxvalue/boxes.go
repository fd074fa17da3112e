package ctxvalue

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

const (
	// Sizes in bytes from which a value is better stored by pointer. Where that makes
	// its variable escape, it spares no allocation, only copies.
	largeValue  = 64
	largeLocal  = 96
	mediumValue = 32 // for those who ask for more
)

// checkBoxes reports keys and values that each call copies to the heap.
func (r *run) checkBoxes() {
	told := make(map[*ssa.Global]bool)
	for i := range r.sets {
		o := &r.sets[i]
		if r.once(o.call) {
			continue
		}
		r.checkValue(o)
		r.checkBoxedKey(o, told)
	}
	for i := range r.gets {
		if o := &r.gets[i]; !r.once(o.call) {
			r.checkBoxedKey(o, told)
		}
	}
	for _, call := range r.calls {
		f, _ := r.behaviorOf(call.Common().StaticCallee())
		if f == nil || r.once(call) {
			continue
		}
		for _, i := range f.Boxes {
			if i < len(call.Common().Args) {
				r.checkSize(call, i, call.Common().Args[i], true)
			}
		}
	}
}

// once reports whether a call happens when the program begins, or in a test.
func (r *run) once(call ssa.CallInstruction) bool {
	fn := lazyssa.Outermost(call.Parent())
	return fn.Synthetic != "" || fn.Name() == "init" || fn.Name() == "main" && r.Pkg.Name() == "main" || r.inTest(call.Pos())
}

// checkValue reports a value that is a large struct or array.
func (r *run) checkValue(o *op) {
	v := o.value()
	if v == nil {
		return
	}
	if k, ok := o.keys.only(); !ok || typePackage(k.typ) != nil && typePackage(k.typ) != r.Pkg {
		return // its owner says what readers expect
	}
	proven := !types.IsInterface(v.Type()) // a generic wrapper makes the interface value
	if mi, ok := v.(*ssa.MakeInterface); ok {
		v = mi.X
	}
	r.checkSize(o.call, o.val, v, proven)
}

// checkSize reports v, argument i of a call that stores it as a value, if it is large. That
// it is copied to the heap is proven, or the compiler is asked.
func (r *run) checkSize(instr ssa.CallInstruction, i int, v ssa.Value, proven bool) {
	size := r.inlineSize(v)
	large := int64(largeLocal)
	if livesOn(v) {
		large = largeValue
	}
	if _, ok := v.(*ssa.Const); ok || size < mediumValue || size < large && !r.all {
		return
	}
	call := r.callExpr(instr)
	if call == nil {
		return
	}
	expr := r.argument(call, instr, i)
	if expr == call || types.IsInterface(r.TypesInfo.TypeOf(expr)) || !proven && escape.Of(r.Pass).Boxed(expr) != escape.Heap {
		return
	}
	r.report(expr, boxed, fmt.Sprintf("%s is %d bytes that are copied to the heap each time it is stored in a context, "+
		"and out of it by each assertion; store a pointer", lint.Text(expr), size))
}

// livesOn reports whether v is read from memory that is not of the function's own.
func livesOn(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	return ok && !isLocal(load.X)
}

// inlineSize returns the size of a struct or an array, 0 for all else.
func (r *run) inlineSize(v ssa.Value) int64 {
	if generic(v.Type()) {
		return 0
	}
	switch v.Type().Underlying().(type) {
	case *types.Struct, *types.Array:
		return r.TypesSizes.Sizeof(v.Type())
	}
	return 0
}

// checkBoxedKey reports a key that a package variable holds and that is no pointer. One
// report for a variable is enough.
func (r *run) checkBoxedKey(o *op, told map[*ssa.Global]bool) {
	k, ok := o.keys.only()
	if !ok || k.made == nil || k.val != nil || typeObject(k.typ) == nil || generic(k.typ) || !r.boxesType(k.typ) {
		return
	}
	global := r.loadedFrom(k.made)
	if global == nil {
		r.checkComputedKey(o, k)
		return
	}
	if global.Pkg.Pkg != r.Pkg || r.smallNumber(global) || told[global] {
		return
	}
	if category, _, _ := r.fault(&o.keys); category != "" {
		return
	}
	expr := r.keyExpr(o)
	if _, ok := expr.(*ast.CallExpr); expr == nil || types.IsInterface(r.TypesInfo.TypeOf(expr)) || ok && r.callExpr(o.call) == expr {
		return
	}
	if lint.IsTest(r.Pass, expr.Pos()) || lint.SizeVaries(k.typ) || escape.Of(r.Pass).Boxed(expr) != escape.Heap {
		return
	}
	size := fmt.Sprintf("%d bytes", r.TypesSizes.Sizeof(k.typ))
	if isInteger(k.typ) {
		size += " unless it is below 256"
	}
	told[global] = true
	remedy := "make it a constant"
	if _, ok := k.typ.Underlying().(*types.Basic); !ok {
		remedy = "let it hold a pointer, or use a key of type struct{}"
	}
	r.report(expr, allocates, fmt.Sprintf("context key %s is a variable, so each WithValue and each lookup copies it to the heap (%s); %s", lint.Text(expr), size, remedy),
		analysis.RelatedInformation{Pos: global.Pos(), Message: "the key is declared here"})
}

// checkComputedKey reports a key that is made of a string for this one call.
func (r *run) checkComputedKey(o *op, k key) {
	switch made := k.made.(type) {
	case *ssa.ChangeType:
		if _, ok := made.X.(*ssa.Const); ok {
			return
		}
	case *ssa.Convert, *ssa.BinOp:
	default:
		return // the caller's
	}
	if !lint.IsString(k.typ) {
		return
	}
	if category, _, _ := r.fault(&o.keys); category != "" {
		return
	}
	expr := r.keyExpr(o)
	if expr == nil || types.IsInterface(r.TypesInfo.TypeOf(expr)) || r.inTest(expr.Pos()) || escape.Of(r.Pass).Boxed(expr) != escape.Heap {
		return
	}
	r.report(expr, allocates, fmt.Sprintf("context key %s is computed, so each call copies it to the heap (%d bytes); keep what belongs together in one map or struct, under a constant key",
		lint.Text(expr), r.TypesSizes.Sizeof(k.typ)))
}

func typeObject(t types.Type) *types.TypeName {
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Obj()
	}
	return nil
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// boxesType reports whether an interface value made of a t needs memory of its own.
func (r *run) boxesType(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0 || u.Info()&types.IsNumeric != 0 && r.TypesSizes.Sizeof(t) > 1
	case *types.Struct, *types.Array:
		return lint.SizeVaries(t) || r.TypesSizes.Sizeof(t) > 0
	}
	return false
}

// loadedFrom returns the package variable that v loads, or nil.
func (r *run) loadedFrom(v ssa.Value) *ssa.Global {
	if load, ok := v.(*ssa.UnOp); ok {
		if g, ok := load.X.(*ssa.Global); ok {
			return g
		}
	}
	return nil
}

// smallNumber reports whether a variable only ever holds a number that the
// runtime has a ready-made interface value for.
func (r *run) smallNumber(g *ssa.Global) bool {
	v := r.vars[g]
	if v == nil || v.escapes || len(v.stores) == 0 {
		return v == nil || !v.escapes
	}
	for _, stored := range v.stores {
		c, ok := stored.(*ssa.Const)
		if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
			return false
		}
		if n, exact := constant.Uint64Val(c.Value); !exact || n >= 256 {
			return false
		}
	}
	return true
}
